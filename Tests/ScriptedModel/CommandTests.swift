import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing

/// The executable itself, as its users see it.
@Suite(.timeLimit(.minutes(1))) struct CommandTests {
    private func start(_ folder: TemporaryFolder, script: String, _ more: String...) async throws -> ServerProcess {
        let file = try folder.write("script.yaml", script)
        return try await ServerProcess(
            [try Executables.path("automata-scripted-model"), "--script", file] + more,
            ready: .line("listening on http://127.0.0.1:"))
    }

    @Test func `it prints where it listens, answers, testifies, and ends by SIGTERM`() async throws {
        let folder = try TemporaryFolder()
        let log = folder.path("witness.jsonl")
        let process = try await start(folder, script: "roles: [{turns: [{content: hi}]}]", "--log", log)
        let address = try #require(process.output.elements.first?.split(separator: " ").last)
        let body = try request([user("x")]).text()
        let answer = try await Program.run(["curl", "-sS", "-d", body, "\(address)/v1/chat/completions"])
        #expect(answer.contains(#""content":"hi""#))
        #expect(try await process.stop() == 0)
        let lines = try folder.read("witness.jsonl").split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(lines.count == 2)
        #expect(lines.first?["reply"] == "content")
        #expect(lines.last?["end"] == lines.first?["hash"] && lines.last?["attempt"] == 0)
    }

    @Test func `it is ready within 200 ms`() async throws {
        let folder = try TemporaryFolder()
        var best = Duration.seconds(1)
        // The best of several: other tests use the processors at the same time.
        for _ in 0..<20 where best >= .milliseconds(200) {
            let start = ContinuousClock.now
            let process = try await self.start(folder, script: "roles: [{turns: [{content: hi}]}]")
            best = min(best, ContinuousClock.now - start)
            try await process.stop()
        }
        #expect(best < .milliseconds(200))
    }

    @Test func `a bad script ends it with a message and the exit status for bad usage`() async throws {
        let folder = try TemporaryFolder()
        let error = await #expect(throws: ServerProcess.NotReady.self) { try await start(folder, script: "roles: 1") }
        #expect(error?.exitStatus == 64)
        #expect(error?.output.contains("roles: expected") == true)
    }

    @Test func `the help explains the script`() async throws {
        let help = try await Program.run([try Executables.path("automata-scripted-model"), "--help"])
        for word in [
            "--port", "--script", "--log", "--require-key", "retry_after", "{{last_tool_result}}", "/stats", "raw:",
            "refuse:",
        ] {
            #expect(help.contains(word), "\(word)")
        }
    }

    @Test func `it serves a thousand requests with two seconds of latency at once`() async throws {
        let folder = try TemporaryFolder()
        let process = try await start(folder, script: "{latency_ms: 2000, roles: [{turns: [{content: hi}]}]}")
        let address = try #require(process.output.elements.first?.split(separator: " ").last)
        let body = try request([user("x")], more: ["stream": true]).text()
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let answers = try await Program.run([
                        "curl", "-sS", "--parallel", "--parallel-immediate", "--parallel-max", "250", "-d", body,
                        "\(address)/v1/chat/completions?[1-250]",
                    ])
                    return answers.split(separator: "\n").count { $0 == "data: [DONE]" }
                }
            }
            let answered = try await group.reduce(0, +)
            #expect(answered == 1000)
        }
        #expect(ContinuousClock.now - start < .seconds(8))
        try await process.stop()
    }
}
