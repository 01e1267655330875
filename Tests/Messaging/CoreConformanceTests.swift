import Foundation
import Messaging
import TestSupport
import Testing

/// Core messages, requests and hostile input: both implementations have to behave alike.
@Suite("Core messages", .timeLimit(.minutes(1)), .serialized)
struct CoreConformanceTests {
    @Test(arguments: BusUnderTest.allCases)
    func `every subscriber gets a message, and one member of each group`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let plain = try await bus.subscribe("c.*", queueGroup: nil)
            let one = try await bus.subscribe("c.>", queueGroup: "workers")
            let two = try await bus.subscribe("c.>", queueGroup: "workers")
            for index in 0..<50 { try await bus.send(BusMessage(subject: "c.\(index)", payload: Data("x".utf8))) }
            // A request answered over the same connection has overtaken nothing.
            _ = try? await bus.request(BusMessage(subject: "nobody"), timeout: .seconds(1))
            for subscription in [plain, one, two] { subscription.cancel() }
            #expect(await plain.reduce(0) { count, _ in count + 1 } == 50)
            let first = await one.reduce(0) { count, _ in count + 1 }
            let second = await two.reduce(0) { count, _ in count + 1 }
            #expect(first + second == 50)
            #expect(first > 0 && second > 0)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a request is answered by one member of the group`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in ["one", "two"] {
                    let requests = try await bus.subscribe("svc.echo", queueGroup: "svc")
                    group.addTask {
                        for await request in requests {
                            guard let reply = request.reply else { continue }
                            let headers = ["By": name].merging(request.headers) { $1 }
                            let answer = BusMessage(subject: reply, headers: headers, payload: request.payload)
                            try await bus.send(answer)
                        }
                    }
                }
                var answeredBy: Set<String> = []
                for index in 0..<40 {
                    let request = BusMessage(
                        subject: "svc.echo", headers: ["N": "\(index)"], payload: Data("\(index)".utf8))
                    let answer = try await bus.request(request, timeout: .seconds(5))
                    #expect(answer.text == "\(index)")
                    #expect(answer.headers["N"] == "\(index)")
                    answeredBy.insert(answer.headers["By"] ?? "")
                }
                #expect(answeredBy == ["one", "two"])
                group.cancelAll()
            }
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a request that nobody listens to fails at once`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let start = ContinuousClock.now
            let error = await busError {
                _ = try await bus.request(BusMessage(subject: "svc.none"), timeout: .seconds(10))
            }
            #expect(error?.code == .noResponders)
            #expect(start.duration(to: .now) < .seconds(1))
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a request that is not answered times out, and can be cancelled`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let silent = try await bus.subscribe("svc.silent", queueGroup: nil)
            let error = await busError {
                _ = try await bus.request(BusMessage(subject: "svc.silent"), timeout: .milliseconds(100))
            }
            #expect(error?.code == .timeout)
            let task = Task { try await bus.request(BusMessage(subject: "svc.silent"), timeout: .seconds(30)) }
            var messages = silent.makeAsyncIterator()
            for _ in 0..<2 { _ = await messages.next() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a subscription ends when it is dropped`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            do { _ = try await bus.subscribe("svc.gone", queueGroup: nil) }
            var error: BusError?
            while error?.code != .noResponders {
                error = await busError {
                    _ = try await bus.request(BusMessage(subject: "svc.gone"), timeout: .milliseconds(50))
                }
            }
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a slow reader costs messages, not memory`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let slow = try await bus.subscribe("flood", queueGroup: nil)
            for index in 0..<(BusSubscription.capacity + 500) {
                try await bus.send(BusMessage(subject: "flood", payload: Data("\(index)".utf8)))
            }
            _ = try? await bus.request(BusMessage(subject: "nobody"), timeout: .seconds(1))
            slow.cancel()
            let texts = await slow.reduce(into: []) { $0.append($1.text) }
            #expect(texts == (0..<BusSubscription.capacity).map { "\($0)" })
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a hostile subject is refused and harms nothing`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await bus.declare(.test, consumers: [.test()])
            for subject in Hostile.subjects {
                let message = BusMessage(subject: subject, payload: Data("x".utf8))
                #expect(await busError { _ = try await bus.publish(message, messageID: nil) }?.code == .invalidSubject)
                #expect(await busError { try await bus.send(message) }?.code == .invalidSubject)
                let error = await busError { _ = try await bus.request(message, timeout: .seconds(5)) }
                #expect(error?.code == .invalidSubject, "\(subject.debugDescription)")
                let reply = BusMessage(subject: "t.a", reply: subject)
                #expect(await busError { try await bus.send(reply) }?.code == .invalidSubject)
            }
            #expect(try await bus.streamState("TEST")?.messages == 0)
            try await bus.publish("t.a", "the connection still stands")
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `hostile patterns, names and headers are refused`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            for pattern in ["", "a..b", "a b", "a.>.b", "a.b>", "a*", "a\r\nPUB x 0\r\n\r\n", "é"] {
                let error = await busError { _ = try await bus.subscribe(pattern, queueGroup: nil) }
                #expect(error?.code == .invalidSubject, "\(pattern.debugDescription)")
            }
            for name in ["", "a.b", "a b", "*", "a\r\nb", String(repeating: "x", count: 129)] {
                let group = await busError { _ = try await bus.subscribe("a", queueGroup: name) }
                #expect(group?.code == .invalidSubject, "\(name.debugDescription)")
                let stream = StreamDeclaration(name: name, subjects: ["t.>"])
                #expect(await busError { try await bus.declare(stream, consumers: []) }?.code == .invalidSubject)
                #expect(await busError { _ = try await bus.streamState(name) }?.code == .invalidSubject)
            }
            for (name, value) in [("", "v"), ("a b", "v"), ("a:b", "v"), ("a", "v\r\nb: c"), ("a", "v\0")] {
                let message = BusMessage(subject: "t.a", headers: [name: value])
                #expect(await busError { try await bus.send(message) }?.code == .invalidHeader)
            }
            let id = await busError { _ = try await bus.publish(BusMessage(subject: "t.a"), messageID: "a\r\nb") }
            #expect(id?.code == .invalidHeader)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `inboxes are unique subjects`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let inboxes = Set((0..<1000).map { _ in bus.newInbox() })
            #expect(inboxes.count == 1000)
            for inbox in inboxes { try Subject.validate(inbox) }
            #expect(bus.isConnected)
        }
    }
}

/// Subjects that must never reach the wire.
enum Hostile {
    static let subjects = [
        "", " ", ".", "a.", ".a", "a..b", "a b", "a\tb", "a\r\nPUB t.forged 1\r\nx\r\n", "a\nb", "a\0b", "t.*", "t.>",
        "t.a*", "t.>a", "t.\u{7F}", "t.\u{A0}", "t.é", "t.\u{2028}", String(repeating: "x", count: 4096),
    ]
}
