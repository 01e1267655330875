import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport

/// What kind of task it is, and with that what the model plays and how it may end.
enum Part: String, Sendable, CaseIterable {
    /// Writes a file, looks whether the check passes, and ends.
    case steady
    /// Is wrong at first and right after a repair round.
    case repairs
    /// The model never says anything of use.
    case babbles
    /// The model's answers are no JSON.
    case garbles
    /// The validation never passes.
    case fails
    /// The validation's command never ends by itself.
    case hangs

    /// The parts that end in a pushed branch.
    static let good: [Part] = [.steady, .steady, .steady, .repairs]
    /// The parts that can only fail.
    static let poison: [Part] = [.babbles, .garbles, .fails, .hangs]

    var expected: Set<TerminalStatus> {
        switch self {
        case .steady, .repairs: [.completed]
        case .babbles: [.stuck, .iterationsExhausted]
        case .garbles: [.modelUnavailable]
        case .fails, .hangs: [.validationFailed]
        }
    }

    static let roles: [Role] = [
        .coder(Part.steady.rawValue, [.write("notes.txt", "one\n"), .write("app.txt", "new\n"), check, .finish()]),
        .coder(Part.repairs.rawValue, seeing: "app.txt is stale", [.write("app.txt", "new\n"), .finish("Mended.")]),
        .coder(Part.repairs.rawValue, [.write("app.txt", "almost\n"), .finish()]),
        .coder(Part.babbles.rawValue, [Turn(content: "Let me think about it.")]),
        .coder(Part.garbles.rawValue, [Turn.finish().failing(.garbage)]),
        .coder(Part.fails.rawValue, [.write("app.txt", "wrong\n"), .finish()]),
        .coder(Part.hangs.rawValue, [.write("app.txt", "new\n"), .finish()]),
        .anyPlanner,
    ]

    private static let check = Turn.shell("sh check.sh")
}

/// A task to submit.
struct LoadTask: Sendable {
    var draft: TaskDraft
    var part: Part
    /// By request, which is answered when it is recorded, or by a message on the stream.
    var isRequest: Bool
    /// When, from the start of the run.
    var at: Duration

    var accepted: AcceptedTask { AcceptedTask(id: draft.id, expected: part.expected) }
}

/// What a run asks of the system, chosen by the seed.
struct Load: Sendable {
    /// Stands in the ids of its tasks.
    var name = ""
    var parts = Part.good
    /// How many tasks in ten can only fail.
    var poison = 0
    var companies = ["acme", "globex", "initech"]
    /// When its first task comes, from the start of the run.
    var start: Duration = .zero
    /// How long the tasks are spread over.
    var duration = ChaosSettings.duration
    var count = ChaosSettings.tasks

    /// Where the webhook of a task goes, by its id; `nil` is the endpoint of all.
    var webhookURL: (@Sendable (String) -> String)?

    /// The tasks in the order in which they are submitted.
    ///
    /// - Parameter marker: Stands in the commands, so that their processes can be found.
    func tasks(seed: UInt64, remotes: [GitRemote], marker: String) -> [LoadTask] {
        var random = SeededGenerator(seed: seed, stream: "load \(name)")
        return (0..<count).compactMap { number -> LoadTask? in
            let parts = number % 10 < poison ? Part.poison : parts
            guard let part = parts.randomElement(using: &random), let remote = remotes.randomElement(using: &random)
            else { return nil }
            var draft = TaskDraft(part.rawValue, title: "", remote: remote)
            draft.id = "\(marker)-\(name)\(number)-\(part.rawValue)"
            draft.title = "Change \(draft.id)"
            draft.company = companies.randomElement(using: &random) ?? "acme"
            draft.task["priority"] = .int(Int.random(in: 1...10, using: &random))
            draft.delivery["webhook_url"] = webhookURL.map { .string($0(draft.id)) }
            draft.validation = Self.validation(of: part, marker)
            return LoadTask(
                draft: draft, part: part, isRequest: Bool.random(using: &random), at: start + duration * number / count)
        }
    }

    private static func validation(of part: Part, _ marker: String) -> [String: JSONValue] {
        let command = part == .hangs ? "sleep 600 # \(marker)" : "sh check.sh \(marker)"
        return [
            "commands": [.string(command)], "max_repair_rounds": .int(part == .repairs ? 2 : 0),
            "timeout_seconds": .int(part == .hangs ? 1 : 60),
        ]
    }
}
