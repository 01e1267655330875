import FoundationEssentials
import Foundations
import Transfer

/// A provider that speaks OpenAI's chat completions. One call is one request: retries are ``RetryingModel``'s part.
package struct OpenAICompatibleModel: ChatModel {
    private let baseURL: String
    private let apiKey: Secret?
    private let extraHeaders: [(String, String)]
    private let profile: ProviderProfile
    private let extraBody: [String: JSONValue]
    private let client: HTTPClient
    private let deadline: Duration
    private let idleTimeout: Duration
    let keepReply: @Sendable (UnreadableReply) -> Void

    private static let maxReplyBytes = 32 << 20

    /// - Parameters:
    ///   - baseURL: Such as `https://api.openai.com/v1`, without a slash at the end.
    ///   - apiKey: Sent as bearer token; `nil` for providers without keys.
    ///   - extraHeaders: Sent with every request; they hold no secrets.
    ///   - profile: What the server takes.
    ///   - extraBody: Further fields of every request.
    ///   - deadline: For one call, from the connection to the last byte.
    ///   - idleTimeout: The longest silence, also before the first token.
    ///   - keepReply: Is given the replies that could not be understood.
    package init(
        baseURL: String, apiKey: Secret?, extraHeaders: [(String, String)] = [], profile: ProviderProfile = .init(),
        extraBody: [String: JSONValue] = [:], client: HTTPClient, deadline: Duration = ModelTimeout().whole,
        idleTimeout: Duration = ModelTimeout().first,
        keepReply: @escaping @Sendable (UnreadableReply) -> Void = { _ in }
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.extraHeaders = extraHeaders
        self.profile = profile
        self.extraBody = extraBody
        self.client = client
        self.deadline = deadline
        self.idleTimeout = idleTimeout
        self.keepReply = keepReply
    }

    package func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        var request = request
        request.messages = PairingCheck.repaired(request.messages)
        let httpRequest = try httpRequest(request)
        do {
            let response = try await client.stream(httpRequest)
            guard response.isSuccess else { throw await failure(response, model: request.model) }
            var reply = try await read(response.body, of: request)
            if reply.message.hasExtras {
                reply.message.origin = ReplyOrigin.text(baseURL: baseURL, model: request.model)
            }
            return reply
        } catch let error as TransferError {
            throw ModelError(error)
        } catch {
            throw error as? ModelError ?? ModelError(.badReply, "the reply cannot be read")
        }
    }

    /// The request as it is sent.
    func completion(_ request: ChatRequest) -> CompletionRequest {
        CompletionRequest(
            request: request, profile: profile, origin: ReplyOrigin.text(baseURL: baseURL, model: request.model),
            extra: extraBody)
    }

    private func httpRequest(_ request: ChatRequest) throws(ModelError) -> HTTPRequest {
        let body: Data
        do {
            body = try JSON.encode(completion(request))
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

// MARK: Refusals

extension OpenAICompatibleModel {
    private func failure(_ response: HTTPStreamResponse, model: String) async -> ModelError {
        // A body that fails to arrive changes nothing: the status tells enough.
        let body = (try? await response.body.collect()) ?? Data()
        if Task.isCancelled { return .cancelled }
        let failure = ProviderFailure(body: body)
        return ModelError(
            status: response.status, failure: failure, excerpt: excerpt(failure, body),
            retryAfter: response.headers.modelWait(), model: model)
    }

    func excerpt(_ failure: ProviderFailure?, _ body: Data) -> String {
        guard let message = failure?.message, !message.isEmpty else { return excerpt(body) }
        return excerpt(Data(message.utf8))
    }

    /// What takes the key out of texts.
    var redactor: Redactor { Redactor(apiKey.map { [$0] } ?? []) }

    /// The start of `body` on one line, without the key.
    func excerpt(_ body: Data) -> String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        let line = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        let printable = line.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20 }
        return String(
            redactor.redact(String(String.UnicodeScalarView(printable))).prefix(bytes: 300))
    }
}
