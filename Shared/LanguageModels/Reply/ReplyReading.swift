import FoundationEssentials
import Foundations

/// One reply from its first byte to its end: ``ReplyReader`` and ``CompletionAssembler`` in a row. A pure value.
struct ReplyReading {
    /// Why a reply cannot be taken.
    enum Trouble: Error, Equatable {
        /// The provider sent an error in its place.
        case failure(JSONValue)
        /// It is no chat completion, or a part of it is none.
        case unreadable
        /// It ended before it was whole, perhaps after these words.
        case incomplete(String?)
    }

    private var reader = ReplyReader()
    private var assembler: CompletionAssembler
    /// What looks like an error and came beside the chunks.
    private var possibleFailure: JSONValue?
    /// Text that came after the last chunk.
    private var lastText: String?
    private(set) var record = ReplyRecord()

    /// - Parameter offered: The names of the tools that the model was offered.
    init(offered: Set<String> = []) { assembler = CompletionAssembler(offered: offered) }

    /// Whether the end mark came: nothing that follows counts.
    var isDone: Bool { assembler.isDone }

    mutating func take(_ bytes: Data) throws(Trouble) {
        record.add(bytes)
        for event in reader.consume(bytes) { try take(event) }
    }

    /// Takes what came last without its line's end.
    mutating func finish() throws(Trouble) {
        for event in reader.finish() { try take(event) }
    }

    /// Whether the reply says that it has ended: it needs no good end of the connection.
    var isWhole: Bool { assembler.isWhole }

    /// The whole reply, after a good end of the connection or if ``isWhole``.
    func reply(requested: String) throws -> ChatReply {
        guard assembler.isWholeAtEnd else {
            if let possibleFailure { throw Trouble.failure(possibleFailure) }
            throw assembler.hasBegun ? Trouble.incomplete(lastText) : .unreadable
        }
        return try assembler.reply(requested: requested)
    }

    private mutating func take(_ event: ReplyReader.Event) throws(Trouble) {
        guard !isDone else { return }
        // A reply that is whole is paid for, whatever follows.
        switch event {
        case .end: assembler.isDone = true
        case .text(let text, "error"): if !assembler.isWhole { throw .failure(.string(text)) }
        case .text(let text, _): lastText = text
        case .malformed: if !assembler.isWhole { throw .unreadable }
        case .value(let read):
            let value = read.unwrapped
            switch FailureShape(value) {
            case .certain?: if !assembler.isWhole { throw .failure(value.json) }
            case .possible?: possibleFailure = value.json
            case nil:
                assembler.add(value)
                lastText = nil
            }
        }
    }
}

extension ReplyReader.Value {
    /// The completion that a gateway wrapped, perhaps as a text of JSON; itself where there is none.
    fileprivate var unwrapped: Self {
        guard json["choices"] == nil else { return self }
        for name in ["data", "result", "response", "body"] {
            guard let inner = json[name] else { continue }
            let value = inner.stringValue.flatMap { try? JSONValue(parsing: $0) } ?? inner
            if value["choices"]?.arrayValue != nil { return Self(json: value, event: event, hasHalves: hasHalves) }
        }
        return self
    }
}
