import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct SecrecyTests {
    static let roles: [Role] = [
        .coder(
            "snoops",
            [
                .shell("env; cat /proc/1/environ /proc/self/environ .git/config; ls -la / /workspace; id; exit 0"),
                .shell(
                    "cat /root/.ssh/* /etc/shadow; python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 4222), 1)'"
                ),
            ] + Sample.repair)
    ]

    /// Searches the command lines of all processes again and again until it is told to stop.
    private final class Watch: Sendable {
        private let found = Mutex<[String]>([])
        private let done = Gate()

        func look(for secrets: [String]) async throws -> [String] {
            while !done.isOpen {
                for line in Processes.commandLines().values where secrets.contains(where: line.contains) {
                    found.withLock { $0.append(line) }
                }
                try await Deadline.elapse(.milliseconds(5))
            }
            return found.withLock { $0 }
        }

        func stop() { done.open() }
    }

    @Test(arguments: [true, false])
    func `passwords and keys are found nowhere after a task that used them`(_ byStream: Bool) async throws {
        let platform = try await Platform.shared()
        let password = "pw-marker-\(UUID().uuidString.lowercased())"
        let remote = try await AuthenticatedRemote(GitRemote(files: Sample.files), password: password)
        let secrets = [password, Data("\(remote.user):\(password)".utf8).base64EncodedString(), Platform.modelKey]
        var draft = TaskDraft("snoops", remote: remote.url)
        draft.validation = ["commands": Sample.commands]
        draft.repository["credentials"] = [
            "credential_type": "username_password", "username": .string(remote.user), "password": .string(password),
        ]
        let watch = Watch()
        async let seen = watch.look(for: secrets)
        if byStream { try await platform.publish(draft) } else { try await platform.submit(draft) }
        let task = try await platform.end(of: draft)
        watch.stop()
        #expect(try await seen == [])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        try await eventually("the submission was erased") {
            try await files(below: platform.nats.folder.path, holding: [password]) == []
        }
        #expect(try await files(below: platform.nats.folder.path, holding: secrets) == [])
        #expect(try await files(below: platform.folder.path, holding: secrets) == [])
        #expect(try await files(below: remote.repository.url, holding: secrets) == [])
        let dump = try await Program.run(["pg_dump", "--dbname", platform.databaseURL])
        #expect(dump.contains(draft.id))
        for secret in secrets { #expect(!dump.contains(secret)) }
        for event in task.events {
            for secret in secrets { #expect(!String(decoding: event.payload, as: UTF8.self).contains(secret)) }
        }
    }

    @Test func `no host but planner and pusher holds the keys of credentials`() async throws {
        let platform = try await Platform.shared()
        for service in platform.services.elements where ![.planner, .pusher].contains(service.kind) {
            let id = try #require(service.process.processID)
            let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ") ?? Data()
            let text = String(decoding: environment, as: UTF8.self)
            #expect(!text.contains("AUTOMATA_MASTER_KEY") && !text.contains("SEALING_KEY"), "\(service.kind)")
        }
    }

    /// The files below a folder that hold one of some texts.
    private func files(below folder: String, holding texts: [String]) async throws -> [String] {
        do {
            // By its input: the command lines of this machine are searched at the same time.
            return try await Program.run(
                ["grep", "-rlaF", "-f", "-", "--", folder], input: texts.joined(separator: "\n")
            ).split(separator: "\n")
                .map(String.init)
        } catch let error as Program.Failed where error.status.contains("1") && error.errorOutput.isEmpty {
            return []
        } catch let error as Program.Failed where error.errorOutput.contains("No such file") {
            // A file went away while it was searched: once more.
            return try await files(below: folder, holding: texts)
        }
    }
}
