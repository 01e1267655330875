import FoundationEssentials
import Foundations

/// Takes the bytes of a reply apart: bytes in, events out.
///
/// What a server sends is looked at, not what it says it sends. A line is a field of an event stream (`data:`,
/// `event:`, a comment, …) or else text of its own, and JSON values are found in both by where they end. So blank lines
/// between events may be missing, one value may span several lines or lines several values, and a reply may be one JSON
/// value, or one a line. The one rule of event streams that counts: an unfinished value goes on over the next lines, but
/// a blank line lets only lines without a field go on.
struct ReplyReader {
    /// A JSON value of the reply; those of a list come one by one.
    struct Value: Equatable {
        var json: JSONValue
        /// The name of its event, lower case; empty if it has none.
        var event = ""
        /// Whether texts hold marks of ``HalfSurrogate``.
        var hasHalves = false
    }

    enum Event: Equatable {
        case value(Value)
        /// Text that is no JSON, and the name of its event.
        case text(String, event: String)
        /// What begins as an object but is none.
        case malformed
        /// The mark of the end, `[DONE]`.
        case end
    }

    private var line: [UInt8] = []
    private var isFirstLine = true
    private var endsWithReturn = false
    private var eventName = ""
    /// The beginning of a value.
    private var pending: [UInt8] = []
    private var extent = JSONExtent()
    /// Whether only a line without a field continues the value.
    private var isClosedToFields = false

    /// The events that `bytes` complete.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let follows = endsWithReturn
            endsWithReturn = byte == UInt8(ascii: "\r")
            switch byte {
            case UInt8(ascii: "\n") where follows: continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endLine(&events)
            default: line.append(byte)
            }
        }
        return events
    }

    /// The events of a last line without its end. A value that is not whole by then is none.
    mutating func finish() -> [Event] {
        var events: [Event] = []
        if !line.isEmpty { endLine(&events) }
        return events
    }
}

// MARK: Lines

extension ReplyReader {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private mutating func endLine(_ events: inout [Event]) {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine, line.starts(with: Self.byteOrderMark) { line.removeFirst(3) }
        isFirstLine = false
        guard !line.isEmpty else {
            isClosedToFields = true
            eventName = ""
            return
        }
        let start = pending.isEmpty ? line.drop { Self.isSpace($0) } : line[...]
        let colon = start.firstIndex(of: UInt8(ascii: ":")) ?? start.endIndex
        guard start.distance(from: start.startIndex, to: colon) <= 8 else { return continueText(&events) }
        let value = start[colon...].dropFirst()
        let name = String(decoding: start[..<colon], as: UTF8.self).lowercased()
        switch pending.isEmpty ? name.trimmed : name {
        case "": if colon == start.endIndex { continueText(&events) }
        case "data":
            endUnfinished(&events)
            isClosedToFields = false
            read(value.first == UInt8(ascii: " ") ? value.dropFirst() : value, &events)
        case "event":
            endUnfinished(&events)
            eventName = String(decoding: value.filter { !Self.isSpace($0) }, as: UTF8.self).lowercased()
        case "id", "retry": break
        default: continueText(&events)
        }
    }

    /// A line without a field.
    private mutating func continueText(_ events: inout [Event]) {
        if pending.isEmpty { isClosedToFields = true }
        read(line[...], &events)
    }

    /// Gives up a value that the next field cannot continue.
    private mutating func endUnfinished(_ events: inout [Event]) {
        guard isClosedToFields, !pending.isEmpty else { return }
        events.append(.malformed)
        pending = []
        extent = JSONExtent()
    }

    /// Space, and the control characters with which some servers keep a connection open.
    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }
}

// MARK: Values

extension ReplyReader {
    private mutating func read(_ text: ArraySlice<UInt8>, _ events: inout [Event]) {
        var rest = text
        if !pending.isEmpty { extend(by: [UInt8(ascii: "\n")]) }
        while !rest.isEmpty {
            if pending.isEmpty {
                rest = Self.withoutPrefixes(rest)
                guard !rest.isEmpty else { return }
                if Self.isEndMark(rest) { return events.append(.end) }
                guard Self.opensValue(rest) else {
                    return events.append(.text(String(decoding: rest, as: UTF8.self), event: eventName))
                }
            }
            rest = rest.dropFirst(extend(by: rest))
            if extent.isComplete { endValue(&events) }
        }
    }

    /// Adds bytes to the value up to its end, and says how many.
    @discardableResult private mutating func extend(by bytes: some Collection<UInt8>) -> Int {
        var count = 0
        for byte in bytes {
            extent.take(byte)
            pending.append(byte)
            count += 1
            if extent.isComplete { break }
        }
        return count
    }

    private mutating func endValue(_ events: inout [Event]) {
        defer {
            pending = []
            extent = JSONExtent()
        }
        guard let json = LenientJSON(pending), let found = Self.found(in: json.value) else {
            let isObject = pending.first == UInt8(ascii: "{")
            return events.append(
                isObject ? .malformed : .text(String(decoding: pending, as: UTF8.self), event: eventName))
        }
        for value in found.arrayValue ?? [found] {
            events.append(.value(Value(json: value, event: eventName, hasHalves: json.hasHalves)))
        }
    }

    /// The value, or the one that it holds as a text: some servers write their events so.
    private static func found(in value: JSONValue) -> JSONValue? {
        guard let text = value.stringValue else { return value }
        return try? JSONValue(parsing: text)
    }

    /// Without what may come before a value: space, commas of a list, byte order marks, line breaks that were written
    /// as `\n`, and a field's name again.
    private static func withoutPrefixes(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text
        while true {
            rest = rest.drop { isSpace($0) || $0 == UInt8(ascii: ",") }
            if rest.starts(with: byteOrderMark) {
                rest = rest.dropFirst(3)
            } else if rest.starts(with: "\\n".utf8) || rest.starts(with: "\\r".utf8) {
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "data:".utf8) {
                rest = rest.dropFirst(5)
            } else {
                return rest
            }
        }
    }

    private static func isEndMark(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 32 else { return false }
        let word = String(decoding: text.filter { !isSpace($0) && $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        return word.lowercased() == "done" || word.lowercased().hasPrefix("[done]")
    }

    /// Whether `text` begins an object, a list of objects, or a text that holds one; brackets begin many a remark, too.
    private static func opensValue(_ text: ArraySlice<UInt8>) -> Bool {
        let next = text.dropFirst().first { !isSpace($0) }
        switch text.first {
        case UInt8(ascii: "{"): return next == nil || next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
        case UInt8(ascii: "["): return next == nil || next == UInt8(ascii: "{") || next == UInt8(ascii: "]")
        case UInt8(ascii: "\""): return next == UInt8(ascii: "{")
        default: return false
        }
    }
}
