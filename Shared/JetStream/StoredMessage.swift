import FoundationEssentials
import Foundations
import Messaging

/// A message as the management interface gives it: `{"subject", "seq", "time", "hdrs", "data"}`, the last two in
/// base64.
struct StoredMessage {
    let sequence: UInt64
    let time: Date
    let message: BusMessage

    init(_ value: JSONValue?) throws(BusError) {
        guard let subject = value?["subject"]?.stringValue, let sequence = value?["seq"]?.countValue,
            let time = value?["time"]?.stringValue.flatMap(ServerTime.date)
        else { throw BusError(.other, "the server's answer holds no message") }
        func bytes(_ key: String) -> Data { value?[key]?.stringValue.flatMap { Data(base64Encoded: $0) } ?? Data() }
        self.sequence = sequence
        self.time = time
        message = BusMessage(subject: subject, headers: Self.headers(bytes("hdrs")), payload: bytes("data"))
    }

    /// Reads a header block: `NATS/1.0`, then a line `name: value` each.
    private static func headers(_ block: Data) -> [String: String] {
        let lines = String(decoding: block, as: UTF8.self).split(separator: "\r\n").dropFirst()
        let pairs = lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
