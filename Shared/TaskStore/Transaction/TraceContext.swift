import FoundationEssentials
import Foundations

/// The `traceparent` header (W3C Trace Context): the workflow is the trace, each message a span of it.
enum TraceContext {
    static func headers(traceID: String, spanOf id: UUID) -> JSONValue {
        // The last 16 digits of the id are random but for two bits.
        ["traceparent": .string("00-\(traceID)-\(id.text.replacing("-", with: "").suffix(16))-01")]
    }
}
