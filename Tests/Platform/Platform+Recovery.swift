import Contracts
import Database
import Foundations
import ScriptedModelServer
import TestSupport

extension Role {
    /// A coder whose model `model` gives no answer to its first request, and a good one when asked again.
    package static func hanging(_ model: String) -> Role {
        .coder(model, [Turn.write("app.txt", "new\n").failing(.hang, times: 1), .finish()])
    }
}

extension Platform {
    /// Nobody has the run that hangs.
    package struct NoOwner: Error {}

    /// Kills (SIGKILL) the coder that works on a task whose model is ``ScriptedModelServer/Role/hanging(_:)``, starts
    /// another in its place, and waits for the end of the task.
    ///
    /// - Returns: How long it took until a coder that was left began the step anew.
    package func timeToResume(_ model: String, _ remote: GitRemote) async throws -> (time: Duration, end: EndedTask) {
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        try await submit(draft)
        try await eventually("the model hangs") { [self] in try hungCalls(of: model) > 0 }
        let leased = try await rows("select owner from stage_runs where state = 'leased' and slot = 'step'")
        guard let owner = leased.first?["owner"]?.stringValue, let victim = replica(owner: owner) else {
            throw NoOwner()
        }
        let start = ContinuousClock.now
        try await victim.process.kill9()
        try await eventually("another one goes on") { [self] in try hungCalls(of: model) > 1 }
        let time = ContinuousClock.now - start
        let end = try await end(of: draft)
        try await self.start(.coder, name: "coder-after-\(model)")
        return (time, end)
    }

    /// How many calls there were from the one on that got no answer.
    private func hungCalls(of model: String) throws -> Int {
        try witness(model).drop { $0["reply"] != "hang" }.count
    }
}
