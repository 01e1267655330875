import FoundationEssentials
import Foundations

/// The `traceparent` header (W3C Trace Context, https://www.w3.org/TR/trace-context/): the workflow is the trace, each
/// message a span of it.
package enum TraceContext {
    private static let header = "traceparent"

    /// The headers of a message whose id is `id`.
    package static func headers(traceID: String, spanOf id: UUID) -> JSONValue {
        // The last 16 digits of the id are random but for two bits.
        [header: .string("00-\(traceID)-\(id.text.replacing("-", with: "").suffix(16))-01")]
    }

    /// The trace id of a message's headers, if there is a valid one.
    package static func traceID(_ headers: [String: String]) -> String? {
        guard let value = headers.first(where: { $0.key.lowercased() == header })?.value else { return nil }
        let parts = value.split(separator: "-")
        return parts.count >= 4 && parts[1].count == 32 ? String(parts[1]) : nil
    }
}
