import Contracts
import Foundation
import Foundations
import JetStream
import Logging
import Messaging
import TestSupport
import Testing

@testable import CommandLineTool

/// A real nats-server with users of the table; each test has its own.
@Suite(.timeLimit(.minutes(2))) struct BusAccessTests {
    private static let subject = "automata.workflows.acme.web.fix."
    /// What the last token of a subject of ours may be.
    private static let names =
        EventType.allCases.map(\.rawValue) + StepKind.rows.map(\.kind.permit) + RequestType.allCases.map(\.rawValue)

    private let acme = BusUser.company(CompanyID(validated: "acme"))
    private let globex = BusUser.company(CompanyID(validated: "globex"))

    private func message(_ subject: String, reply: String? = nil) -> BusMessage {
        BusMessage(subject: subject, payload: Data("{}".utf8), reply: reply)
    }

    @Test func `of all that a company's user publishes, its own requests alone arrive`() async throws {
        try await ClosedServer.with { bus in
            let service = try await bus.witness()
            let everything = try await service.subscribe("automata.workflows.>", queueGroup: nil)
            let client = try await bus.connect(acme)
            let names = Self.names + ["other"]
            let allowed = Set(
                [
                    "task_submitted", "submit", "control", "status", "query", "diff", "define", "describe", "list",
                    "remove",
                ].map { Self.subject + $0 })
            for company in ["acme", "globex"] {
                for name in names { try await client.send(message("automata.workflows.\(company).web.fix.\(name)")) }
            }
            // What bounds the company itself.
            for name in ["define", "remove"] { try await client.send(message("automata.workflows.acme.-.-.\(name)")) }
            try await client.send(message("automata.workflows.signals"))
            try await client.send(message("_INBOX_PLANNER.x"))
            // What comes from one connection comes in order: after this one nothing is on its way.
            try await client.send(message("automata.workflows.acme.the.end.status"))
            var seen: Set<String> = []
            for await message in everything {
                if message.subject == "automata.workflows.acme.the.end.status" { break }
                seen.insert(message.subject)
            }
            #expect(seen == allowed)
            service.close()
            client.close()
        }
    }

    @Test func `a company's user is told its events, and nothing that others ask, whatever it subscribes to`()
        async throws
    {
        try await ClosedServer.with { bus in
            let service = try await bus.witness()
            let client = try await bus.connect(acme)
            let patterns = [
                ">", "*.>", "automata.>", "automata.workflows.>", "automata.workflows.acme.>",
                "automata.workflows.acme.web.fix.*", "automata.workflows.acme.web.fix.>", Self.subject + "submit",
                "automata.workflows.*.*.*.workflow_completed", "automata.workflows.acme.*.*.control", "_INBOX.>",
                "_INBOX.globex.>", "_INBOX_PLANNER.>", "_R_.>", "$JS.>", "$SYS.>",
                Self.subject + "task_submitted", Self.subject + "push_requested", Self.subject + "objects",
            ]
            for group in [nil, "front-door"] {
                let stolen = try await client.subscribe(patterns, queueGroup: group)
                let own = try await client.subscribe([Self.subject + "plan_created"])
                for name in Self.names {
                    try await service.send(message(Self.subject + name))
                    try await service.send(message("automata.workflows.globex.web.fix.\(name)"))
                }
                try await service.send(message("_INBOX.globex.x"))
                // Another of the same company asks.
                let colleague = try await bus.connect(acme)
                for name in ["submit", "control", "status"] { try await colleague.send(message(Self.subject + name)) }
                try await service.send(message("automata.workflows.acme.the.end.plan_created"))
                let end = try await client.subscribe(["automata.workflows.acme.the.end.plan_created"])
                try await service.send(message("automata.workflows.acme.the.end.plan_created"))
                for await _ in end { break }
                stolen.cancel()
                own.cancel()
                var subjects: [[String]] = []
                for subscription in [stolen, own] {
                    var seen: [String] = []
                    for await message in subscription { seen.append(message.subject) }
                    subjects.append(seen)
                }
                #expect(subjects == [[], [Self.subject + "plan_created"]])
                colleague.close()
            }
            service.close()
            client.close()
        }
    }

    @Test func `requests, answers and submissions pass between a company and the services`() async throws {
        try await ClosedServer.with { bus in
            let service = try await bus.connect(.service(.planner))
            let subjects = SubjectScheme().streamSubjects
            try await service.declare(StreamDeclaration(name: "AUTOMATA", subjects: subjects), consumers: [])
            let requests = try await service.subscribe("automata.workflows.*.*.*.status", queueGroup: "front-door")
            let answering = Task {
                for await request in requests {
                    try await service.send(BusMessage(subject: request.reply ?? "", payload: Data("yes".utf8)))
                }
            }
            for user in [acme, .operator] {
                let client = try await bus.connect(user)
                let answer = try await client.request(message(Self.subject + "status"), timeout: .seconds(5))
                #expect(String(decoding: answer.payload, as: UTF8.self) == "yes")
                let receipt = try await client.publish(message(Self.subject + "task_submitted"), messageID: "one")
                #expect(receipt.stream == "AUTOMATA" && receipt.sequence == 1)
                client.close()
            }
            answering.cancel()
            service.close()
        }
    }

    /// nats-server 2.9 tells so within an account alone: a company's client waits as long as it has patience.
    @Test func `nobody answers where no service runs, and an operator learns it at once`() async throws {
        try await ClosedServer.with { bus in
            let client = try await bus.connect(.operator)
            do {
                _ = try await client.request(message(Self.subject + "status"), timeout: .seconds(20))
                Issue.record("somebody answered")
            } catch let error as BusError {
                #expect(error.code == .noResponders)
            }
            client.close()
        }
    }

    @Test func `the answer to a submission cannot be led to another company, or to the stream's management`()
        async throws
    {
        try await ClosedServer.with { bus in
            let service = try await bus.connect(.service(.notifier))
            let subjects = SubjectScheme().streamSubjects
            try await service.declare(StreamDeclaration(name: "AUTOMATA", subjects: subjects), consumers: [])
            let client = try await bus.connect(acme)
            let targets = [
                "$JS.API.STREAM.PURGE.AUTOMATA", "automata.workflows.globex.web.fix.workflow_completed",
                "automata.workflows.globex.web.fix.task_submitted", Self.subject + "plan_created",
            ]
            for target in targets { try await client.send(message(Self.subject + "task_submitted", reply: target)) }
            _ = try await client.publish(message(Self.subject + "task_submitted"), messageID: nil)
            let state = try await service.streamState("AUTOMATA")
            #expect(state?.messages == 5 && state?.firstSequence == 1)
            service.close()
            client.close()
        }
    }

    @Test func `the stream cannot be managed or read, and no login means no bus`() async throws {
        try await ClosedServer.with { bus in
            let service = try await bus.connect(.service(.planner))
            try await service.declare(
                StreamDeclaration(name: "AUTOMATA", subjects: ["automata.workflows.*.*.*.done"]), consumers: [])
            for user in [acme, .operator] {
                let client = try await bus.connect(user)
                for attempt in [
                    { _ = try await client.streamState("AUTOMATA") },
                    { try await client.erase(stream: "AUTOMATA", sequence: 1, subject: "s") },
                    { _ = try await client.message(stream: "AUTOMATA", sequence: 1) },
                    { try await client.declare(StreamDeclaration(name: "MINE", subjects: ["mine"]), consumers: []) },
                ] as [@Sendable () async throws -> Void] {
                    await #expect(throws: BusError.self) { try await attempt() }
                }
                client.close()
            }
            for login in ["", "acme:wrong@", "service:x@", "automata.service@", "automata.coder:witness@"] {
                let stranger = JetStreamBus(
                    JetStreamConfiguration(
                        url: Secret("nats://\(login)127.0.0.1:\(bus.server.port)"), name: "test",
                        connectTimeout: .seconds(3), logger: Logger(label: "test")))
                await #expect(throws: BusError.self) { try await stranger.connect() }
                stranger.close()
            }
            service.close()
        }
    }
}
