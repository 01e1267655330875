import Foundation

/// Turns the bytes of a `text/event-stream` body into events (WHATWG HTML, section 9.2.6).
///
/// It does what the standard says and nothing else: the measure of ``ReplyReader``.
///
/// Lines end with CR, LF or CRLF and pieces may be split anywhere. The fields `id` and `retry` serve reconnection, which
/// callers here never do, and are ignored. An event without its final blank line is discarded, as the standard says.
struct ServerSentEventParser {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var eventType = ""
    private var lastWasCarriageReturn = false
    private var isFirstLine = true

    /// The events that `bytes` complete.
    mutating func consume(_ bytes: Data) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let follows = lastWasCarriageReturn
            lastWasCarriageReturn = byte == UInt8(ascii: "\r")
            switch byte {
            case UInt8(ascii: "\n") where follows: continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let event = endLine() { events.append(event) }
            default: line.append(byte)
            }
        }
        return events
    }

    /// Reads the line that is complete; a blank one gives the event it ends.
    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            hasData = true
            data += value
        case "event": eventType = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            eventType = ""
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            event: eventType.isEmpty ? "message" : eventType, data: String(decoding: data, as: UTF8.self))
    }
}
