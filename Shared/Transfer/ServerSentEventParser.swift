import FoundationEssentials

/// Turns the bytes of a `text/event-stream` body into events (WHATWG HTML, section 9.2.6).
///
/// Lines end with CR, LF or CRLF and pieces may be split anywhere. The fields `id` and `retry` serve reconnection, which
/// callers here never do, and are ignored. An event without its final blank line is discarded, as the standard says.
package struct ServerSentEventParser {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var eventType = ""
    private var lastWasCarriageReturn = false
    private var isFirstLine = true
    private let maxEventBytes: Int

    /// - Parameter maxEventBytes: The bound on one line, and on the data lines of one event together.
    package init(maxEventBytes: Int = 4 << 20) { self.maxEventBytes = maxEventBytes }

    /// The events that `bytes` complete.
    package mutating func consume(_ bytes: Data) throws(TransferError) -> [ServerSentEvent] {
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
            guard line.count + data.count <= maxEventBytes else {
                throw TransferError(.tooLarge, "an event is larger than \(maxEventBytes) bytes")
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
