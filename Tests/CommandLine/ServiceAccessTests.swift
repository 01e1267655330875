import Contracts
import Foundation
import Foundations
import JetStream
import Messaging
import TestSupport
import Testing

/// Each service's user tries everything on a real nats-server.
@Suite(.timeLimit(.minutes(3))) struct ServiceAccessTests {
    private static let subject = "automata.workflows.acme.web.fix."
    private static let permits = StepKind.rows.map(\.kind.permit)
    private static let events = EventType.allCases.filter(\.isOutgoing).map(\.rawValue)
    private static let requests = RequestType.allCases.map(\.rawValue)
    private static let names = events + permits + requests + ["task_submitted", "other"]
    private static let inboxes =
        (BusUser.ofPlatform + [.company(CompanyID(validated: "acme"))]).map { "\($0.inboxPrefix).x" }
    private static let ends = [
        "workflow_completed", "workflow_failed", "workflow_paused", "approval_requested", "subtask_started",
        "subtask_ended",
    ]

    /// What a service may send, besides what is for JetStream: written down here, and not taken from the table.
    private static let sent: [ServiceKind: [String]] = [
        .planner: (events + permits).map { subject + $0 } + [
            "automata.workflows.signals", "_INBOX_OPERATOR.x", "_INBOX_CODER.x", "_INBOX_VALIDATOR.x",
            "_INBOX_GATEWAY.x",
        ],
        .coder:
            (ends + [
                "implementation_started", "implementation_step", "implementation_completed", "discovery_recorded",
                "budget_alert", "implementation_requested", "validation_requested", "objects",
            ]).map { subject + $0 } + ["_INBOX_PLANNER.x"],
        .validator:
            (ends + [
                "validation_started", "validation_completed", "implementation_requested", "validation_requested",
                "push_requested", "objects",
            ]).map { subject + $0 } + ["_INBOX_PLANNER.x"],
        .pusher:
            (ends + ["changes_committed", "changes_pushed", "validation_requested", "push_requested"])
            .map { subject + $0 },
        .notifier: (events + permits).map { subject + $0 },
        .webhookBridge: [],
        .gateway: requests.filter { $0 != "objects" }.map { subject + $0 },
    ]

    /// What it may listen to, besides its own inbox.
    private static let heard: [ServiceKind: [String]] = [
        .planner: requests.map { subject + $0 } + ["automata.workflows.signals"],
        .coder: ["automata.workflows.signals"], .validator: ["automata.workflows.signals"],
        .pusher: ["automata.workflows.signals"], .notifier: [], .webhookBridge: [],
        .gateway: events.map { subject + $0 },
    ]

    private func message(_ subject: String) -> BusMessage { BusMessage(subject: subject, payload: Data("{}".utf8)) }

    @Test(arguments: ServiceKind.allCases)
    func `of all that a service sends, what its work needs arrives`(_ service: ServiceKind) async throws {
        try await ClosedServer.with { bus in
            let witness = try await bus.witness()
            let everything = try await witness.subscribe(">", queueGroup: nil)
            let client = try await bus.connect(.service(service))
            let tried =
                Self.names.map { Self.subject + $0 } + Self.inboxes
                + ["automata.workflows.signals", "mine", "$SYS.REQ.SERVER.PING"]
            for subject in tried { try await client.send(message(subject)) }
            // What comes from one connection comes in order, and this every service may send.
            try await client.send(message("$JS.API.STREAM.INFO.AUTOMATA"))
            var seen: Set<String> = []
            for await message in everything {
                if message.subject == "$JS.API.STREAM.INFO.AUTOMATA" { break }
                if tried.contains(message.subject) { seen.insert(message.subject) }
            }
            #expect(seen == Set(try #require(Self.sent[service])))
            client.close()
            witness.close()
        }
    }

    @Test(arguments: ServiceKind.allCases)
    func `a service hears what it is to answer, and nothing else, whatever it subscribes to`(
        _ service: ServiceKind
    ) async throws {
        try await ClosedServer.with { bus in
            let witness = try await bus.witness()
            let client = try await bus.connect(.service(service))
            let own = "\(BusUser.service(service).inboxPrefix).x"
            let subjects = Self.names.map { Self.subject + $0 } + Self.inboxes + ["automata.workflows.signals"]
            let patterns =
                subjects + [
                    ">", "*", "*.>", "automata.>", "automata.workflows.>", "automata.workflows.*.*.*.*", "_INBOX.>",
                    "$JS.>", "$JS.API.>", "$JS.ACK.>", "$SYS.>", "_R_.>",
                ]
            let listening = try await client.subscribe(patterns, queueGroup: nil)
            for subject in subjects { try await witness.send(message(subject)) }
            let end = "\(BusUser.service(service).inboxPrefix).end"
            let ended = try await client.subscribe([end])
            try await witness.send(message(end))
            for await _ in ended { break }
            listening.cancel()
            var seen: Set<String> = []
            for await message in listening { seen.insert(message.subject) }
            #expect(seen == Set(try #require(Self.heard[service]) + [own]))
            client.close()
            witness.close()
        }
    }

    @Test(arguments: ServiceKind.allCases)
    func `a service takes from its own consumers, and only who declares the stream may change it`(
        _ service: ServiceKind
    ) async throws {
        try await ClosedServer.with { bus in
            let keeper = try await bus.connect(.service(.planner))
            let subjects = SubjectScheme()
            let consumers = ServiceKind.allCases.flatMap(\.consumers)
            try await keeper.declare(
                StreamDeclaration(name: StreamNames.events, subjects: subjects.streamSubjects),
                consumers: consumers.map {
                    ConsumerDeclaration(durable: $0, filterSubject: subjects.filter(.planCreated))
                })
            let client = try await bus.connect(.service(service))
            #expect(try await client.streamState(StreamNames.events) != nil)
            let isKeeper = service == .planner || service == .notifier
            for consumer in consumers {
                await expect(isKeeper || service.consumers.contains(consumer), consumer) {
                    _ = try await client.consumerState(stream: StreamNames.events, durable: consumer)
                }
            }
            try await manage(client, isKeeper: isKeeper, isIntake: service == .planner)
            client.close()
            keeper.close()
        }
    }

    private func manage(_ client: JetStreamBus, isKeeper: Bool, isIntake: Bool) async throws {
        let stream = StreamNames.events
        let stored = try await client.streamState(stream)
        await expect(isKeeper, "a message") { _ = try await client.message(stream: stream, sequence: 1) }
        await expect(isKeeper, "the last") { _ = try await client.lastMessage(stream: stream, subject: ">") }
        await expect(isKeeper, "a subject more") {
            try await client.declare(StreamDeclaration(name: stream, subjects: ["automata.more"]), consumers: [])
        }
        await expect(false, "another stream") {
            try await client.declare(StreamDeclaration(name: "MINE", subjects: ["mine"]), consumers: [])
        }
        if isIntake {
            let error = await #expect(throws: BusError.self) {
                try await client.erase(stream: stream, sequence: 1, subject: "x")
            }
            #expect(error?.code == .notFound)
        }
        #expect(try await client.streamState(stream)?.messages == stored?.messages)
    }

    private func expect(_ isAllowed: Bool, _ what: String, _ attempt: () async throws -> Void) async {
        do {
            try await attempt()
            #expect(isAllowed, "\(what)")
        } catch {
            #expect(!isAllowed, "\(what): \(error)")
        }
    }

    @Test func `what a consumer gave is acknowledged by its own service alone`() async throws {
        try await ClosedServer.with { bus in
            let keeper = try await bus.connect(.service(.planner))
            let subjects = SubjectScheme()
            let wait = Duration.seconds(60)
            try await keeper.declare(
                StreamDeclaration(name: StreamNames.events, subjects: subjects.streamSubjects),
                consumers: StepKind.rows.map {
                    ConsumerDeclaration(
                        durable: $0.consumer, filterSubject: subjects.filter(permit: $0.kind), ackWait: wait)
                })
            for row in StepKind.rows {
                let service = try #require(ServiceKind.allCases.first { $0.row.kinds == [row.kind] })
                let client = try await bus.connect(.service(service))
                _ = try await client.publish(message(Self.subject + row.kind.permit), messageID: nil)
                let consumer = try await client.consumer(stream: StreamNames.events, durable: row.consumer)
                let delivery = try #require(try await consumer.next(waitingAtMost: .seconds(20)))
                let stranger = try await bus.connect(.service(service == .coder ? .validator : .coder))
                let place = "$JS.ACK.AUTOMATA.\(row.consumer).1.\(delivery.sequence).1.1.0"
                try await stranger.send(BusMessage(subject: place, payload: Data("+ACK".utf8)))
                _ = try await stranger.streamState(StreamNames.events)
                let held = try await keeper.consumerState(stream: StreamNames.events, durable: row.consumer)
                #expect(held?.outstanding == 1, "\(row.consumer)")
                try await delivery.acknowledge()
                try await Deadline.limit("the server has noted it") {
                    while try await keeper.consumerState(stream: StreamNames.events, durable: row.consumer)?
                        .outstanding != 0
                    { try await Deadline.elapse(.milliseconds(5)) }
                }
                stranger.close()
                client.close()
            }
            keeper.close()
        }
    }
}
