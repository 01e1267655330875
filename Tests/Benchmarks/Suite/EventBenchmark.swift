import Contracts
import Database
import Foundation
import Foundations
import Messaging
import PlatformSupport
import Synchronization
import TestSupport

extension Benchmark {
    /// Postgres tells when it committed an event: the clock of the subscriber is the same.
    static let event = Benchmark("event", "from the commit of an event to its subscriber") {
        try await Installation.with(configuration: ["track_commit_timestamp": "on"]) { installation in
            let remote = try await GitRemote(files: Play.files(1))
            let arrivals = try await Arrivals(installation.platform.bus)
            try await installation.play(3, on: remote)
            arrivals.forget()
            try await installation.play(Size.tasks.value, on: remote)
            let committed = try await installation.platform.rows(
                """
                select id, extract(epoch from pg_xact_commit_timestamp(xmin)) as at from task_activities
                where seq is not null
                """)
            let delays = Samples(
                committed.compactMap { row in
                    guard let at = row["at"]?.doubleValue, let id = row["id"]?.stringValue else { return nil }
                    return arrivals.time(of: id).map { ($0 - at) * 1000 }
                })
            let trips = try await roundTrips(installation.platform.bus)
            return [
                Figure("event.p50", delays.p50, "ms", beside: Yardstick(what: "round trip p50", value: trips.p50)),
                Figure("event.p99", delays.p99, "ms", beside: Yardstick(what: "round trip p99", value: trips.p99)),
            ]
        }
    }

    /// A request over the bus that is answered at once.
    private static func roundTrips(_ bus: any MessageBus) async throws -> Samples {
        let subject = bus.newInbox()
        let requests = try await bus.subscribe(subject, queueGroup: nil)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await request in requests {
                    if let reply = request.reply { try await bus.send(BusMessage(subject: reply, payload: Data())) }
                }
            }
            defer { group.cancelAll() }
            return try await Samples.measure(500) { _ in
                _ = try await bus.request(BusMessage(subject: subject, payload: Data()), timeout: .seconds(5))
            }
        }
    }
}

/// When each event came, by its id.
private final class Arrivals: Sendable {
    private final class Book: Sendable {
        let times = Mutex<[String: Double]>([:])

        func note(_ message: BusMessage) {
            let now = Date().timeIntervalSince1970
            guard let event = ObservedEvent(message)?.event else { return }
            times.withLock { $0[event.eventID] = $0[event.eventID] ?? now }
        }
    }

    private let book = Book()
    private let reading: Task<Void, Never>

    init(_ bus: any MessageBus) async throws {
        let messages = try await bus.subscribe("\(SubjectScheme.defaultPrefix).*.*.*.*", queueGroup: nil)
        reading = Task { [book] in for await message in messages { book.note(message) } }
    }

    deinit { reading.cancel() }

    /// In seconds since 1970.
    func time(of event: String) -> Double? { book.times.withLock { $0[event] } }

    func forget() { book.times.withLock { $0 = [:] } }
}
