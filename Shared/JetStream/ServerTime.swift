import FoundationEssentials
import Foundations

/// The times that the management interface gives: RFC 3339 with up to nine digits of a second.
enum ServerTime {
    /// Reads a time; three digits of its fraction are kept.
    static func date(_ text: String) -> Date? {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return Timestamp.date(text) }
        let digits = parts[1].prefix { $0.isNumber }
        let fraction = (digits + "000").prefix(3)
        return Timestamp.date("\(parts[0]).\(fraction)\(parts[1].dropFirst(digits.count))")
    }
}
