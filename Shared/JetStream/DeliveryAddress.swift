import FoundationEssentials
import Messaging

/// What the reply subject of a delivered message says:
/// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>`.
///
/// Newer servers put domain and account before the stream and may add tokens at the end.
struct DeliveryAddress {
    let subject: String
    let stream: String
    let sequence: UInt64
    let deliveryCount: Int

    init?(_ reply: String?) {
        guard let reply, reply.hasPrefix("$JS.ACK.") else { return nil }
        let tokens = reply.split(separator: ".")
        let start = tokens.count >= 11 ? 4 : 2
        guard tokens.count >= start + 7, let count = Int(tokens[start + 2]), let place = UInt64(tokens[start + 3])
        else { return nil }
        subject = reply
        stream = String(tokens[start])
        sequence = place
        deliveryCount = count
    }

    /// The message that answers the delivery.
    func message(_ answer: Acknowledgement) -> BusMessage {
        let text =
            switch answer {
            case .acknowledge: "+ACK"
            case .negativeAcknowledge(nil): "-NAK"
            case .negativeAcknowledge(let delay?): "-NAK {\"delay\":\(max(0, delay.nanoseconds))}"
            case .terminate: "+TERM"
            }
        return BusMessage(subject: subject, payload: Data(text.utf8))
    }
}
