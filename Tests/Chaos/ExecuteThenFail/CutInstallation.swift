import Contracts
import Foundation
import PlatformSupport
import TestSupport
import Testing

/// A platform on which one service reaches the database, the bus and the model through proxies that cut.
struct CutInstallation {
    let platform: Platform
    let kind: ServiceKind
    /// What of the database is cut: by default commits that are done and not confirmed.
    let commits = Countdown()
    /// Messages that are stored and not acknowledged.
    let publishes = Countdown()
    /// Answers of the model that do not arrive in whole.
    let answers = Countdown()
    private let proxies: [TCPProxy]

    /// Runs `body` on a platform where `kind` has one replica, behind proxies.
    ///
    /// - Parameter database: Watches a connection to the database.
    static func with(
        _ kind: ServiceKind, database: @escaping WatcherMaker = { CommitWatcher($0) },
        _ body: (CutInstallation) async throws -> Void
    ) async throws {
        var settings = PlatformSettings(
            roles: Drill.roles, environment: ["LEASE_SECONDS": "3", "MAX_RETRIES": "3", "WORKER_CONCURRENCY": "4"])
        // A notifier has something to do when a coder died.
        settings.kinds = ServiceKind.allCases.filter { $0 != kind && (kind != .notifier || $0 != .coder) }
        try await Platform.with(settings) { platform in
            try await body(CutInstallation(platform, kind, program: kind.executable, database))
        }
    }

    /// Runs `body` on a platform of families where what coordinates has one replica, behind proxies.
    static func withCoordinator(_ body: (CutInstallation) async throws -> Void) async throws {
        try await Platform.with(FamilyDrill.platform) { platform in
            try await body(
                CutInstallation(platform, Coordinator.kind, program: Coordinator.program) { CommitWatcher($0) })
        }
    }

    typealias WatcherMaker = @Sendable (Countdown) -> any TCPProxy.Watcher

    private init(
        _ platform: Platform, _ kind: ServiceKind, program: String, _ database: @escaping WatcherMaker
    ) async throws {
        self.platform = platform
        self.kind = kind
        let (commits, publishes, answers) = (commits, publishes, answers)
        var environment = try platform.environment(of: kind)
        proxies = try await [
            Self.proxy("DATABASE_URL", &environment) { database(commits) },
            Self.proxy("NATS_URL", &environment) {
                AnswerWatcher(publishes, holding: #"{"stream":"AUTOMATA", "seq":"#)
            },
            Self.proxy("OPENAI_BASE_URL", &environment) { AnswerWatcher(answers, holding: #""finish_reason":""#) },
        ]
        try await platform.start(
            kind, program: program, name: "\(program)-behind-proxies", environment: environment)
    }

    /// Puts a proxy in front of the server of a setting.
    private static func proxy(
        _ setting: String, _ environment: inout [String: String],
        _ watcher: @escaping @Sendable () -> any TCPProxy.Watcher
    ) async throws -> TCPProxy {
        let url = environment[setting] ?? ""
        let port = try #require(url.firstMatch(of: #/127\.0\.0\.1:(\d+)/#).flatMap { Int($0.1) })
        let proxy = try await TCPProxy(to: port, watcher: watcher)
        environment[setting] = url.replacing(":\(port)", with: ":\(proxy.port)")
        return proxy
    }

    /// Runs a task in which the n-th of `countdown` is cut, and checks how it ends.
    func play(
        _ what: String, _ countdown: Countdown, _ number: Int, _ repeats: Drill.Repeats = Drill.Repeats()
    ) async throws {
        let situation: Comment = "\(kind.rawValue): \(what) \(number)"
        let drill = try await Drill(on: platform)
        let hits = countdown.hits.count
        countdown.choose(number)
        if kind == .planner {
            try await platform.publish(drill.draft)
        } else {
            try await platform.submit(drill.draft)
        }
        try await drill.check(situation, repeats)
        #expect(countdown.hits.count == hits + 1, situation)
    }

    /// Runs a family in which the n-th of `countdown` is cut, and checks how it ends.
    func playFamily(_ what: String, _ countdown: Countdown, _ number: Int) async throws {
        let situation: Comment = "\(what) \(number)"
        let hits = countdown.hits.count
        countdown.choose(number)
        try await FamilyDrill(on: platform).play(situation)
        #expect(countdown.hits.count == hits + 1, situation)
    }

    /// Runs a task whose coder dies with a lease, so that the notifier has to give the run back, and checks how it ends
    /// though the first of `countdown` is cut.
    func playRepair(_ what: String, _ countdown: Countdown) async throws {
        let drill = try await Drill(on: platform)
        let coder = try await platform.start(
            .coder, name: "coder-armed", environment: ["AUTOMATA_CRASH_AT": "after-claim"])
        countdown.choose(1)
        try await platform.submit(drill.draft)
        _ = try await coder.process.waitForExit(within: .seconds(30))
        try await countdown.hits.wait(for: 1, within: .seconds(30))
        try await platform.start(.coder, name: "coder-spare")
        try await drill.check("\(kind.rawValue): \(what)")
    }
}
