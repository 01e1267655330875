import Foundation
import Foundations
import TestSupport

/// `automata-scripted-model` as a process, so that what it costs is not counted for anybody else.
struct ModelProcess: Sendable {
    let process: ServerProcess
    /// The base URL for clients.
    let url: String
    private let folder: TemporaryFolder

    static func start(_ script: JSONValue) async throws -> ModelProcess {
        let folder = try TemporaryFolder("model")
        let process = try await ServerProcess(
            [
                try Executables.path("automata-scripted-model"), "--script",
                try folder.write("script.json", try script.text()), "--log", folder.path("witness.jsonl"),
            ], ready: .line("listening on"))
        let line = try await process.output.first { $0.contains("listening on") }
        let address = line.split(separator: " ").last.map(String.init) ?? ""
        return ModelProcess(process: process, url: "\(address)/v1", folder: folder)
    }

    /// What it was asked and when it answered, oldest first.
    private func calls() throws -> [ModelCall] {
        try folder.read("witness.jsonl").split(separator: "\n").compactMap { line in
            // The last line may still be in the writing.
            (try? JSONValue(parsing: String(line))).flatMap(ModelCall.init)
        }
    }

    /// The times between an answer of `role` and the next request: what a turn costs besides the model. Only one task
    /// may have played meanwhile.
    func pauses(of role: String) throws -> Samples {
        var answered: Double?
        var pauses: [Double] = []
        for call in try calls() {
            switch call.kind {
            case .answer: answered = call.milliseconds
            case .request(role: role, turn: 1...):
                if let answered { pauses.append(call.milliseconds - answered) }
                answered = nil
            case .request: answered = nil
            }
        }
        guard !pauses.isEmpty else { throw NoTurns(role: role) }
        return Samples(pauses)
    }

    /// The model saw no turn of a role, or does not tell when.
    struct NoTurns: Error { let role: String }

    /// The most requests that waited for their answers at one time.
    func mostInFlight() throws -> Int {
        var (now, most) = (0, 0)
        for call in try calls() {
            if case .answer = call.kind { now -= 1 } else { now += 1 }
            most = max(most, now)
        }
        return most
    }
}

/// A line of the model's witness.
private struct ModelCall {
    enum Kind {
        case request(role: String, turn: Int)
        case answer
    }

    let kind: Kind
    let milliseconds: Double

    init?(_ line: JSONValue) {
        guard let time = line["microseconds"]?.intValue else { return nil }
        milliseconds = Double(time) / 1000
        kind =
            line["end"] == nil
            ? .request(role: line["role"]?.stringValue ?? "", turn: line["turn"]?.intValue ?? 0) : .answer
    }
}
