import CNATS
import FoundationEssentials
import Messaging

/// A message as it came from the server: one that somebody sent, or a status of the server itself.
struct IncomingMessage: Sendable {
    let message: BusMessage
    /// The code of the server, for example 503; `nil` for what somebody sent.
    let status: Int?
    /// The server's words for `status`.
    let statusText: String

    /// Copies `raw`, which stays the caller's.
    init(_ raw: OpaquePointer) {
        let headers = Self.headers(raw)
        let length = Int(natsMsg_GetDataLength(raw))
        var payload = Data()
        if length > 0, let bytes = natsMsg_GetData(raw) { payload = Data(bytes: bytes, count: length) }
        message = BusMessage(
            subject: natsMsg_GetSubject(raw).map { String(cString: $0) } ?? "", headers: headers, payload: payload,
            reply: natsMsg_GetReply(raw).map { String(cString: $0) })
        // A status has no body and nowhere to answer to; anything else with such a header is somebody's message.
        status = length == 0 && message.reply == nil ? headers["Status"].flatMap { Int($0) } : nil
        statusText = headers["Description"] ?? ""
    }

    private static func headers(_ raw: OpaquePointer) -> [String: String] {
        var keys: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var count: Int32 = 0
        guard natsMsgHeader_Keys(raw, &keys, &count) == NATS_OK, let keys else { return [:] }
        defer { free(keys) }
        var headers: [String: String] = [:]
        for index in 0..<Int(count) {
            var value: UnsafePointer<CChar>?
            guard let key = keys[index], natsMsgHeader_Get(raw, key, &value) == NATS_OK, let value else { continue }
            headers[String(cString: key)] = String(cString: value)
        }
        return headers
    }
}
