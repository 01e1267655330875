import Foundations
import LanguageModels

/// Finds the calls that a model wrote into its text because the tool parser of its server is off.
///
/// They are made only where they are unmistakable: every one is of a known tool with arguments that fit, and nothing
/// but prose stands around them. What is quoted, in code, or an example is not a call.
enum WrittenCalls {
    /// What stands in a text.
    enum Reading: Equatable {
        case none
        /// Calls in order, and the text without them.
        case calls([WrittenCall], text: String)
        /// Something like a call, and why it is not made.
        case doubtful(String)
    }

    /// What the text of `message` holds; none if the reply has calls of its own.
    static func read(_ message: ChatMessage, _ catalogue: ToolCatalogue) -> Reading {
        guard message.toolCalls.isEmpty, let text = message.content else { return .none }
        var reader = WrittenCallSearch(text)
        switch reader.run() {
        case .calls(let calls, let text):
            guard let problem = Self.problem(of: calls, catalogue) else { return .calls(calls, text: text) }
            return .doubtful(problem)
        case let other: return other
        }
    }

    private static func problem(of calls: [WrittenCall], _ catalogue: ToolCatalogue) -> String? {
        do {
            for call in calls {
                let tool = try catalogue.tool(call.name)
                _ = try ToolArguments(call.arguments ?? "{}", for: tool)
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Goes through a text line by line and keeps apart what is said, what is quoted and what is called.
struct WrittenCallSearch {
    private let bytes: [UInt8]
    private var position = 0
    private var calls: [WrittenCall] = []
    /// Everything but the calls.
    private var rest: [UInt8] = []
    /// Prose alone: without code and without what the model thought.
    private var prose: [UInt8] = []
    private var doubt: String?
    /// A call that has other text on its line, or is announced as an example is, with a colon.
    private var isEmbedded = false
    /// Whether no line began with an object yet: the first is looked at, as each could take the rest of the text.
    private var looksForJSON = true

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func run() -> WrittenCalls.Reading {
        skipThoughts()
        if let whole = wholeCall() { return whole }
        while position < bytes.count, doubt == nil { line() }
        if let doubt { return .doubtful(doubt) }
        guard !calls.isEmpty else { return .none }
        return isExample
            ? .doubtful("it looks like an example") : .calls(calls, text: String(decoding: rest, as: UTF8.self).trimmed)
    }

    private mutating func skipThoughts() {
        let text = String(decoding: bytes.prefix(64), as: UTF8.self).trimmed
        guard text.hasPrefix("<think"), let end = bytes.firstRange(of: Array("</think>".utf8)) else { return }
        rest = Array(bytes[..<end.upperBound])
        position = end.upperBound
    }

    /// A reply that is nothing but JSON, or a fence with nothing but a call in it.
    private mutating func wholeCall() -> WrittenCalls.Reading? {
        let text = String(decoding: bytes[position...], as: UTF8.self).trimmed
        let inner = Fence.content(of: text)
        guard let calls = Self.bare(inner ?? text) ?? Self.python(inner ?? text) else {
            guard let inner, CallTag(Array(inner.utf8), at: 0) != nil else { return nil }
            var search = WrittenCallSearch(inner)
            guard case .calls(let calls, text: "") = search.run() else { return nil }
            return .calls(calls, text: String(decoding: rest, as: UTF8.self))
        }
        return .calls(calls, text: String(decoding: rest, as: UTF8.self))
    }

    /// Calls with a name and arguments, one behind another, with nothing between them.
    private static func bare(_ text: String) -> [WrittenCall]? {
        guard let first = text.utf8.first, "{[".utf8.contains(first) else { return nil }
        let bytes = Array(text.utf8)
        var (calls, position) = ([WrittenCall](), 0)
        while position < bytes.count {
            var reader = NearlyJSON(bytes, at: position)
            guard let value = try? reader.value(), let found = WrittenCall.calls(in: value),
                found.allSatisfy({ $0.arguments != nil })
            else { return nil }
            calls += found
            position = reader.position
            while position < bytes.count, "; \n\r\t".utf8.contains(bytes[position]) { position += 1 }
        }
        return calls
    }

    /// A call as Python writes it, or a list of such, with nothing around: `[read_file(file_path="a.py")]`.
    private static func python(_ text: String) -> [WrittenCall]? {
        let bytes = Array(text.utf8)
        guard text.hasSuffix(")") || text.hasSuffix(")]"), !text.hasPrefix("[{"),
            let reader = try? WrittenCallReader(bytes, at: 0, isOpen: true), reader.position == bytes.count
        else { return nil }
        return reader.calls
    }

    // MARK: Lines

    private mutating func line() {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        let line = bytes[position..<end]
        if let fence = Fence(line) { return skip(fence, from: end) }
        if looksForJSON, line.first(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "{") {
            looksForJSON = false
            if Self.showsCall(Array(bytes[position...])) { doubt = "it stands among other text" }
        }
        guard !Self.isQuoted(line), let place = tag(in: line) else { return keep(line) }
        guard let tag = CallTag(bytes, at: place), [.opening, .call].contains(tag.role) else {
            // The end of a call without its beginning, or an answer that the model made up.
            doubt = "what belongs to it stands apart from it"
            return
        }
        keep(bytes[position..<place])
        read(at: place, isEmbedded: !Self.isBlank(bytes[line.startIndex..<place]))
    }

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        rest += part
        prose += part
        position = part.endIndex
    }

    private mutating func read(at place: Int, isEmbedded: Bool) {
        do {
            let reader = try WrittenCallReader(bytes, at: place)
            calls += reader.calls
            position = reader.position
            if isEmbedded || prose.last(where: { !" \n\r\t".utf8.contains($0) }) == UInt8(ascii: ":") {
                self.isEmbedded = self.isEmbedded || !Self.isBlank(bytes[position...])
            }
        } catch {
            doubt = error.reason
        }
    }

    /// Steps over a fence. Whoever only shows a call shows it there: it is not made, but its server is worth a look.
    private mutating func skip(_ fence: Fence, from start: Int) {
        var end = start
        while end < bytes.count {
            let next = bytes[end...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            let isEnd = fence.isEnded(by: bytes[end..<next])
            end = next
            if isEnd { break }
        }
        let shown = bytes[start..<end]
        if shown.contains(where: { "<[{".utf8.contains($0) }), Self.showsCall(Array(shown)) {
            doubt = "it stands in a code block"
        }
        rest += bytes[position..<end]
        position = end
    }

    private static func showsCall(_ shown: [UInt8]) -> Bool {
        if shown.indices.contains(where: { [.opening, .call].contains(CallTag(shown, at: $0)?.role) }) { return true }
        var reader = NearlyJSON(shown)
        return (try? reader.value()).flatMap { WrittenCall.calls(in: $0) }?.allSatisfy { $0.arguments != nil } ?? false
    }

    /// The first tag in a line that does not stand in quotes.
    private func tag(in line: ArraySlice<UInt8>) -> Int? {
        var isCode = false
        for place in line.indices {
            if line[place] == UInt8(ascii: "`") { isCode.toggle() }
            guard !isCode, line[place] == UInt8(ascii: "<") || line[place] == UInt8(ascii: "["),
                place == line.startIndex || !"\"'(`".utf8.contains(line[place - 1]),
                let tag = CallTag(bytes, at: place), tag.role != .end
            else { continue }
            return place
        }
        return nil
    }

    /// Whether a line is a quotation or code by its indentation.
    private static func isQuoted(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "    ".utf8) || line.starts(with: "\t".utf8) || line.first == UInt8(ascii: ">")
    }

    private static func isBlank(_ part: ArraySlice<UInt8>) -> Bool { part.allSatisfy { " \n\r\t".utf8.contains($0) } }

    private static let announcements = [
        "for example", "an example", "example:", "example of", "e.g.", "for instance", "like this", "look like",
        "the syntax for", "the syntax of", "the format for", "the format of",
    ]

    /// Whether the prose says so, or the call stands within it as an example does.
    private var isExample: Bool {
        let said = String(decoding: prose, as: UTF8.self).lowercased()
        return isEmbedded || Self.announcements.contains { said.contains($0) }
    }
}

/// A code fence.
struct Fence {
    private let mark: UInt8
    private let length: Int

    /// The fence that `line` begins.
    init?(_ line: ArraySlice<UInt8>) {
        let text = line.drop { $0 == UInt8(ascii: " ") }
        guard let mark = text.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        let length = text.prefix { $0 == mark }.count
        guard length >= 3, !text.dropFirst(length).contains(UInt8(ascii: "`")) else { return nil }
        self.mark = mark
        self.length = length
    }

    func isEnded(by line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop { $0 == UInt8(ascii: " ") }
        let count = text.prefix { $0 == mark }.count
        return count >= length && text.dropFirst(count).allSatisfy { " \r\n".utf8.contains($0) }
    }

    /// What stands in the one fence that `text` is; `nil` if it is not one fence and nothing else.
    static func content(of text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")), let fence = Fence(bytes[..<first]) else {
            return nil
        }
        var start = first + 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            if fence.isEnded(by: bytes[start..<end]) {
                return end == bytes.count ? String(decoding: bytes[first + 1..<start], as: UTF8.self).trimmed : nil
            }
            start = end
        }
        return nil
    }
}
