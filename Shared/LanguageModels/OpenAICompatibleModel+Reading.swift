import FoundationEssentials
import Foundations
import Transfer

/// From the bytes of a reply to what it says.
extension OpenAICompatibleModel {
    func read(_ body: HTTPBody, of request: ChatRequest) async throws -> ChatReply {
        var reading = ReplyReading(offered: Set(request.tools.map(\.name)))
        do {
            let cut = try await receive(body, &reading)
            try reading.finish()
            if let cut, !reading.isWhole { throw ModelError(cut) }
            return try reading.reply(requested: request.model)
        } catch let trouble as ReplyReading.Trouble {
            throw keep(describe(trouble, reading, model: request.model), reading, model: request.model)
        } catch let error as ModelError {
            throw keep(error, reading, model: request.model)
        }
    }

    private func describe(_ trouble: ReplyReading.Trouble, _ reading: ReplyReading, model: String) -> ModelError {
        switch trouble {
        case .failure(let body):
            let failure = ProviderFailure(body)
            return ModelError(failure, excerpt: excerpt(failure, (try? body.data()) ?? Data()), model: model)
        case .unreadable:
            let beginning = excerpt(reading.record.beginning)
            return ModelError(
                .badReply, beginning.isEmpty ? "the reply is empty" : "the reply is not a chat completion: \(beginning)"
            )
        case .incomplete(let words):
            let words = words.map { ", after these words: \(excerpt(Data($0.utf8)))" } ?? ""
            return ModelError(.incompleteReply, "the reply ended before it was whole\(words)")
        }
    }

    /// Reads the body up to its end or the end mark, and gives the error that cut it.
    private func receive(_ body: HTTPBody, _ reading: inout ReplyReading) async throws -> TransferError? {
        do {
            var bytes = body.makeAsyncIterator()
            while !reading.isDone, let piece = try await bytes.next(isolation: nil) { try reading.take(piece) }
            return nil
        } catch let error as TransferError where error.code != .cancelled {
            return error
        }
    }

    /// Hands over a reply that could not be understood, if there was one.
    private func keep(_ error: ModelError, _ reading: ReplyReading, model: String) -> ModelError {
        let text = reading.record.text(redactor)
        if !text.isEmpty, [.badReply, .incompleteReply].contains(error.code) {
            keepReply(UnreadableReply(model: model, reason: error.message, text: text))
        }
        return error
    }
}
