import Contracts
import Foundation
import PlatformSupport
import Synchronization
import TestSupport

/// Keeps a number of replicas of every service, and of what coordinates, running: one that ends is started again, on the
/// same host.
final class Supervisor: Sendable {
    private struct State {
        var running: [String: RunningService] = [:]
        /// Replicas that were ended on purpose.
        var doomed: Set<ObjectIdentifier> = []
        var unexpected: [String] = []
    }

    private struct Member {
        let kind: ServiceKind
        let program: String
        let name: String
    }

    private let platform: Platform
    private let members: [Member]
    private let state = Mutex(State())
    /// Every replica that came up, by its name.
    private let starts = Recorder<String>()

    init(_ platform: Platform, replicas: Int) {
        self.platform = platform
        members = (1...replicas).flatMap { number in
            ServiceKind.allCases.map { Member(kind: $0, program: $0.executable, name: "\($0.rawValue)-\(number)") }
                + [Member(kind: Coordinator.kind, program: Coordinator.program, name: "coordinator-\(number)")]
        }
    }

    /// The replicas that are up now, by name.
    var running: [RunningService] { state.withLock { $0.running.sorted { $0.key < $1.key }.map(\.value) } }

    /// Replicas that ended although nobody ended them.
    var unexpectedExits: [String] { state.withLock { $0.unexpected } }

    /// Starts every replica, and starts again what ends, until it is cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for member in members { group.addTask { try await self.keep(member) } }
            try await group.waitForAll()
        }
    }

    /// Waits until every replica was up once.
    func untilUp() async throws {
        try await starts.wait(for: members.count, within: .seconds(60))
    }

    /// Ends a replica by `end`, which is no fault of its own.
    func end<T>(_ service: RunningService, by end: (ServerProcess) async throws -> T) async rethrows -> T {
        state.withLock { _ = $0.doomed.insert(ObjectIdentifier(service)) }
        return try await end(service.process)
    }

    private func keep(_ member: Member) async throws {
        let name = member.name
        while !Task.isCancelled {
            do {
                let service = try await platform.start(member.kind, program: member.program, name: name)
                state.withLock { $0.running[name] = service }
                starts.record(name)
                let status = try await service.process.waitForExit(within: .seconds(86_400))
                note(service, name, status)
            } catch let error as ServerProcess.NotReady {
                state.withLock { $0.unexpected.append("\(name): \(error)") }
                try await Deadline.elapse(.seconds(1))
            }
        }
    }

    private func note(_ service: RunningService, _ name: String, _ status: Int32) {
        state.withLock { state in
            state.running[name] = nil
            guard state.doomed.remove(ObjectIdentifier(service)) == nil else { return }
            let last = Self.ending(of: service.process.output.elements).joined(separator: "\n    ")
            state.unexpected.append("\(name) ended with \(status):\n    \(last)")
        }
    }

    /// The crash report's beginning, which names the place, else the last lines.
    private static func ending(of lines: [String]) -> ArraySlice<String> {
        guard let crash = lines.firstIndex(where: { $0.contains("Program crashed") }) else { return lines.suffix(5) }
        return lines[crash...].prefix(60)
    }
}
