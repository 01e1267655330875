import Foundations
import Synchronization
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

@Suite(.timeLimit(.minutes(1))) struct RetryingModelTests {
    private let question = ChatRequest(model: "m", messages: [.user("Hello?")])
    private let clock = ImmediateClock()

    /// Answers from a list, then for ever with its last entry.
    private final class ListedModel: ChatModel {
        let answers: [Result<String, ModelError>]
        let asked = Mutex<[String]>([])

        init(_ answers: [Result<String, ModelError>]) { self.answers = answers }

        func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
            let count = asked.withLock { asked in
                asked.append(request.model)
                return asked.count
            }
            let text = try answers[min(count, answers.count) - 1].get()
            return ChatReply(message: .assistant(text), usage: TokenUsage(), model: request.model)
        }
    }

    private func unavailable(after wait: Duration? = nil) -> Result<String, ModelError> {
        .failure(ModelError(.unavailable, "busy", retryAfter: wait))
    }

    @Test func `a failure that passes is tried again`() async throws {
        let base = ListedModel([unavailable(), unavailable(), .success("Hi.")])
        #expect(try await RetryingModel(base, clock: clock).complete(question).message.content == "Hi.")
        #expect(clock.sleeps.count == 2)
        #expect(clock.sleeps.allSatisfy { $0 <= .seconds(2) })
    }

    @Test func `attempts end`() async throws {
        let base = ListedModel([unavailable()])
        await #expect(throws: ModelError.self) { try await RetryingModel(base, clock: clock).complete(question) }
        #expect(base.asked.withLock { $0.count } == 5)
        #expect(clock.sleeps.count == 4)
    }

    @Test func `a final failure is not tried again`() async throws {
        let base = ListedModel([.failure(ModelError(.unauthorized, "no"))])
        await #expect(throws: ModelError(.unauthorized, "no")) {
            try await RetryingModel(base, clock: clock).complete(question)
        }
        #expect(base.asked.withLock { $0.count } == 1)
    }

    @Test func `Retry-After is honoured, and a long one is left to whoever can wait without a place`() async throws {
        let base = ListedModel([unavailable(after: .seconds(20)), .success("Hi.")])
        _ = try await RetryingModel(base, clock: clock).complete(question)
        #expect(clock.sleeps == [.seconds(20)])
        let long = ListedModel([unavailable(after: .seconds(31))])
        let error = await #expect(throws: ModelError.self) {
            try await RetryingModel(long, clock: clock).complete(question)
        }
        #expect(error?.retryAfter == .seconds(31))
        #expect(clock.sleeps.count == 1)
    }

    @Test func `no call starts after the deadline`() async throws {
        let base = ListedModel([unavailable(after: .seconds(30))])
        let policy = RetryingModel.Policy(attempts: 100, deadline: .seconds(105))
        await #expect(throws: ModelError.self) {
            try await RetryingModel(base, policy: policy, clock: clock).complete(question)
        }
        #expect(base.asked.withLock { $0.count } == 4)
    }

    @Test func `cancelling ends a wait at once`() async throws {
        let base = ListedModel([unavailable(after: .seconds(30))])
        let task = Task { [question] in try await RetryingModel(base).complete(question) }
        task.cancel()
        let result = await task.result
        #expect(throws: ModelError.cancelled) { try result.get() }
    }

    @Test func `a real server that is busy, then answers`() async throws {
        let count = Mutex(0)
        let stub = try await HTTPStub { _ in
            switch count.withLock({
                $0 += 1; return $0
            }) {
            case 1: .text("slow down", status: 429, headers: ["Retry-After": "7"])
            case 2: .drop
            case 3: .cut(after: ["data: {\"choices\":[{\"delta\":{\"content\":\"H\"}}]}\n\n"])
            default: try .chunks(CompletionText.stream("Hi."))
            }
        }
        let base = OpenAICompatibleModel(baseURL: stub.url, apiKey: nil, client: HTTPClient())
        let reply = try await RetryingModel(base, clock: clock).complete(question)
        #expect(reply.message.content == "Hi.")
        #expect(stub.requests.count >= 4)
        #expect(clock.sleeps.first == .seconds(7))
    }

    @Test func `the next model is asked when one is unavailable for good`() async throws {
        let first = ListedModel([.failure(ModelError(.notFound, "who?"))])
        let second = ListedModel([.success("Hi.")])
        let model = FallbackModel([.init(name: "one", model: first), .init(name: "two", model: second)])
        #expect(try await model.complete(question).model == "two")
        #expect(first.asked.withLock { $0 } == ["one"])
    }

    @Test func `the first failure is told when no model answers`() async throws {
        let first = ListedModel([.failure(ModelError(.notFound, "who?"))])
        let model = FallbackModel([
            .init(name: "one", model: first),
            .init(name: "two", model: ListedModel([.failure(ModelError(.quotaExhausted, "no credit"))])),
        ])
        await #expect(throws: ModelError(.notFound, "who?")) { try await model.complete(question) }
    }

    @Test func `a failure that may pass goes before one that stays`() async throws {
        let first = ListedModel([.failure(ModelError(.notFound, "who?"))])
        let model = FallbackModel([
            .init(name: "one", model: first), .init(name: "two", model: ListedModel([unavailable()])),
        ])
        await #expect(throws: ModelError(.unavailable, "busy")) { try await model.complete(question) }
    }

    @Test func `what a model refuses another may do`() async throws {
        let first = ListedModel([.failure(ModelError(.badRequest, "does not support tools"))])
        let second = ListedModel([.success("Hi.")])
        let model = FallbackModel([.init(name: "one", model: first), .init(name: "two", model: second)])
        #expect(try await model.complete(question).model == "two")
    }

    @Test func `a conversation that cannot be shortened goes to a model with a larger window`() async throws {
        let first = ListedModel([.failure(ModelError(.contextTooLong, "x"))])
        let second = ListedModel([.success("Hi.")])
        let model = FallbackModel([.init(name: "one", model: first), .init(name: "two", model: second)])
        var shortest = question
        shortest.isShortest = true
        #expect(try await model.complete(shortest).model == "two")
    }

    @Test func `a conversation that is too long or cancelled goes to no other model`() async throws {
        for code in [ModelError.Code.contextTooLong, .cancelled] {
            let second = ListedModel([.success("Hi.")])
            let first = ListedModel([.failure(ModelError(code, "x"))])
            let model = FallbackModel([.init(name: "one", model: first), .init(name: "two", model: second)])
            await #expect(throws: ModelError(code, "x")) { try await model.complete(question) }
            #expect(second.asked.withLock { $0.isEmpty })
        }
    }
}
