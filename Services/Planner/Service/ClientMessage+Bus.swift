import Contracts
import FrontDesk
import Messaging

extension ClientMessage {
    /// A message of the bus.
    init(_ message: BusMessage, _ subjects: SubjectScheme) {
        self.init(
            subject: message.subject, address: subjects.parse(message.subject)?.address, body: message.payload,
            trace: TraceContext.traceID(message.headers))
    }
}
