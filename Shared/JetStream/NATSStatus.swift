import CNATS
import Messaging

/// Throws what a status of the client library says. The library's own texts are not used: they can quote subjects.
func check(_ status: natsStatus) throws(BusError) {
    guard status != NATS_OK else { return }
    throw BusError(status: status)
}

extension BusError {
    static let tlsFailure =
        "TLS failed: it has to be asked for (tls://), and the certificate to be of a trusted authority (SSL_CERT_FILE)"

    /// Why a server that can be reached does not let us in; `nil` where `status` says something else.
    init?(refusal status: natsStatus) {
        switch status {
        case NATS_CONNECTION_AUTH_FAILED: self.init(status: status)
        case NATS_SSL_ERROR, NATS_SECURE_CONNECTION_WANTED, NATS_SECURE_CONNECTION_REQUIRED:
            self.init(.permission, Self.tlsFailure)
        default: return nil
        }
    }

    /// The error for a status other than `NATS_OK`.
    init(status: natsStatus) {
        let text = natsStatus_GetText(status).map { String(cString: $0) } ?? "unknown status"
        switch status {
        case NATS_MAX_PAYLOAD: self.init(.payloadTooLarge, "the message exceeds what the server accepts")
        case NATS_TIMEOUT: self.init(.timeout, "no answer in time")
        case NATS_NO_RESPONDERS: self.init(.noResponders, "nobody answers on the subject")
        case NATS_NOT_PERMITTED, NATS_CONNECTION_AUTH_FAILED:
            self.init(.permission, "the server refused the credentials or the subject")
        case NATS_INVALID_SUBJECT: self.init(.invalidSubject, "invalid subject")
        case NATS_NOT_FOUND: self.init(.notFound, "not found")
        case NATS_CONNECTION_CLOSED, NATS_CONNECTION_DISCONNECTED, NATS_IO_ERROR, NATS_NO_SERVER,
            NATS_STALE_CONNECTION, NATS_INSUFFICIENT_BUFFER, NATS_DRAINING, NATS_NOT_YET_CONNECTED:
            self.init(.disconnected, "not connected: \(text)")
        default: self.init(.other, "the client library failed: \(text)")
        }
    }
}
