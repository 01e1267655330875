import FoundationEssentials
import Foundations
import Transfer

/// A provider that speaks OpenAI's chat completions. One call is one request: retries are ``RetryingModel``'s part.
package struct OpenAICompatibleModel: ChatModel {
    private let baseURL: String
    private let apiKey: Secret?
    private let extraHeaders: [(String, String)]
    private let dialect: ChatDialect
    private let client: HTTPClient
    private let deadline: Duration
    private let idleTimeout: Duration

    private static let maxReplyBytes = 32 << 20

    /// - Parameters:
    ///   - baseURL: Such as `https://api.openai.com/v1`, without a slash at the end.
    ///   - apiKey: Sent as bearer token; `nil` for providers without keys.
    ///   - extraHeaders: Sent with every request; they hold no secrets.
    ///   - deadline: For one call, from the connection to the last byte.
    ///   - idleTimeout: The longest silence, also before the first token.
    package init(
        baseURL: String, apiKey: Secret?, extraHeaders: [(String, String)] = [], dialect: ChatDialect = .init(),
        client: HTTPClient, deadline: Duration = .seconds(600), idleTimeout: Duration = .seconds(180)
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.extraHeaders = extraHeaders
        self.dialect = dialect
        self.client = client
        self.deadline = deadline
        self.idleTimeout = idleTimeout
    }

    package func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        var request = request
        request.messages = PairingCheck.repaired(request.messages)
        let httpRequest = try httpRequest(request)
        do {
            let response = try await client.stream(httpRequest)
            guard response.isSuccess else { throw await failure(response, model: request.model) }
            if response.headers["Content-Type"]?.lowercased().hasPrefix("text/event-stream") == true {
                return try await readStream(response.body, model: request.model)
            }
            return try readWhole(try await response.body.collect(), model: request.model)
        } catch let error as TransferError {
            throw ModelError(error)
        } catch {
            throw error as? ModelError ?? ModelError(.badReply, "the reply cannot be read")
        }
    }

    private func httpRequest(_ request: ChatRequest) throws(ModelError) -> HTTPRequest {
        let body: Data
        do {
            body = try JSON.encode(CompletionRequest(request: request, dialect: dialect))
        } catch {
            throw ModelError(.badRequest, "the request cannot be written as JSON")
        }
        var headers = extraHeaders + [("Content-Type", "application/json"), ("Accept", "text/event-stream")]
        if let apiKey { headers.append(("Authorization", "Bearer \(apiKey.reveal())")) }
        return HTTPRequest(
            method: "POST", url: "\(baseURL)/chat/completions", headers: headers, body: body, timeout: deadline,
            idleTimeout: idleTimeout, maxBodyBytes: Self.maxReplyBytes)
    }
}

// MARK: Reading replies

extension OpenAICompatibleModel {
    private func readStream(_ body: HTTPBody, model: String) async throws -> ChatReply {
        var assembler = CompletionAssembler()
        do {
            for try await event in body.serverSentEvents {
                if event.data == "[DONE]" {
                    assembler.isDone = true
                    break
                }
                assembler.add(try chunk(Data(event.data.utf8), model: model))
            }
        } catch let error as TransferError where error.code != .cancelled && assembler.isWhole {
            // Cut between the last word and the end mark: the reply is whole and paid for.
        }
        return try assembler.reply(requested: model)
    }

    private func readWhole(_ body: Data, model: String) throws(ModelError) -> ChatReply {
        var assembler = CompletionAssembler()
        assembler.add(try chunk(body, model: model))
        assembler.isDone = true
        return try assembler.reply(requested: model)
    }

    private func chunk(_ data: Data, model: String) throws(ModelError) -> CompletionChunk {
        guard let chunk = try? JSON.decode(CompletionChunk.self, from: data) else {
            throw ModelError(.badReply, "the reply is not a chat completion: \(excerpt(data))")
        }
        if let failure = chunk.error ?? chunk.choices?.first?.error {
            throw ModelError(failure, excerpt: excerpt(failure, data), model: model)
        }
        return chunk
    }

    private func failure(_ response: HTTPStreamResponse, model: String) async -> ModelError {
        struct Envelope: Decodable { var error: ProviderFailure }
        // A body that fails to arrive changes nothing: the status tells enough.
        let body = (try? await response.body.collect()) ?? Data()
        if Task.isCancelled { return .cancelled }
        let failure = (try? JSON.decode(Envelope.self, from: body))?.error
        return ModelError(
            status: response.status, failure: failure, excerpt: excerpt(failure, body),
            retryAfter: response.headers.retryAfter(), model: model)
    }

    private func excerpt(_ failure: ProviderFailure?, _ body: Data) -> String {
        guard let message = failure?.message, !message.isEmpty else { return excerpt(body) }
        return excerpt(Data(message.utf8))
    }

    /// The start of `body` on one line, without the key.
    private func excerpt(_ body: Data) -> String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        let line = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        let printable = line.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20 }
        return String(
            Redactor(apiKey.map { [$0] } ?? []).redact(String(String.UnicodeScalarView(printable))).prefix(bytes: 300))
    }
}
