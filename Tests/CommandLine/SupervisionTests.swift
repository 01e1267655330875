import Foundation
import Foundations
import Glibc
import TestSupport
import Testing

@testable import CommandLineTool

/// What keeps the services of a private stack running.
@Suite(.timeLimit(.minutes(1))) struct SupervisionTests {
    @Test func `who was to end, or would fail again at once, is left`() {
        for status: Int32 in [0, 78, 128 + SIGTERM, 128 + SIGINT] {
            var supervision = Supervision()
            #expect(supervision.decide(status, after: .seconds(1)) == .leave)
        }
    }

    @Test func `who fails is started again, each time later, and soon again after it ran well`() {
        var supervision = Supervision()
        for delay in [Duration.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)] {
            #expect(supervision.decide(128 + SIGKILL, after: .seconds(1)) == .startAgain(after: delay))
        }
        for _ in 0..<2 { #expect(supervision.decide(1, after: .seconds(1)) == .startAgain(after: .seconds(30))) }
        #expect(supervision.decide(1, after: .seconds(60)) == .startAgain(after: .milliseconds(500)))
        #expect(supervision.decide(75, after: .seconds(1)) == .startAgain(after: .zero))
        #expect(supervision.decide(1, after: .seconds(1)) == .startAgain(after: .milliseconds(500)))
    }

    /// A folder of a stack in which a service is a line of shell.
    private func withServices(
        _ scripts: [String: String], _ body: (Supervisor, StackPaths) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder("supervised")
        let paths = StackPaths(root: folder.path("stack"))
        try paths.create()
        let services = try scripts.sorted { $0.key < $1.key }.map { name, script in
            let program = folder.path("\(name).sh")
            try "#!/bin/sh\n\(script)\n".write(toFile: program, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            return SupervisedService(
                name: name, program: program, environment: ["PATH": "/usr/bin:/bin", "FOLDER": folder.path("")],
                healthPort: 1)
        }
        try await body(Supervisor(services, paths), paths)
    }

    @Test func `a service that is killed or asks for it is started again, one that ends is not`() async throws {
        let scripts = [
            // It is told to be started again once, then it ends.
            "again": "echo run; if [ -e \"$FOLDER/seen\" ]; then exit 0; fi; touch \"$FOLDER/seen\"; exit 75",
            "done": "echo run; exit 0",
            "wrong": "echo run; exit 78",
        ]
        try await withServices(scripts) { supervisor, paths in
            await supervisor.run()
            let known = try SupervisedProcess.load(paths)
            #expect(known.mapValues(\.starts) == ["again": 2, "done": 1, "wrong": 1])
            #expect(known.mapValues(\.status) == ["again": 0, "done": 0, "wrong": 78])
            // The log of the first time is kept.
            #expect(try String(contentsOfFile: paths.log("again"), encoding: .utf8) == "run\nrun\n")
        }
    }

    @Test func `whoever ends the supervisor ends its services`() async throws {
        let script = "sleep 1000 & trap \"kill $!; exit 0\" TERM; echo begun; wait"
        try await withServices(["one": script, "two": script]) { supervisor, paths in
            let work = Task { await supervisor.run() }
            try await eventually("both run") {
                try SupervisedProcess.load(paths).values.count { process in
                    (try? String(contentsOfFile: paths.log(process.process.name), encoding: .utf8)) == "begun\n"
                } == 2
            }
            let processes = try SupervisedProcess.load(paths).values.map(\.process)
            #expect(processes.allSatisfy(ProcessTable.isAlive))
            work.cancel()
            await work.value
            #expect(!processes.contains(where: ProcessTable.isAlive))
        }
    }

    @Test func `what runs is what the supervisor says, beside the servers`() throws {
        let folder = try TemporaryFolder("supervised")
        let paths = StackPaths(root: folder.path("stack"))
        try paths.create()
        let server = StackProcess(name: "postgres", pid: 1, startTicks: 1, healthPort: nil)
        let service = StackProcess(name: "coder-1", pid: 2, startTicks: 2, healthPort: 7)
        try StackState(natsURL: "n", databaseURL: "d", processes: [server]).save(paths)
        #expect(try StackState.load(paths)?.processes.map(\.name) == ["postgres"])
        try SupervisedProcess.save(["coder-1": SupervisedProcess(process: service, starts: 3)], paths)
        let state = try #require(try StackState.load(paths))
        #expect(state.processes.map(\.name) == ["postgres", "coder-1"] && state.services.map(\.pid) == [2])
    }
}
