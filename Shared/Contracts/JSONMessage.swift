import FoundationEssentials
import Foundations

extension JSONValue {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The JSON that the body of a message holds. A byte order mark before it is passed over, as some clients write one;
    /// whatever else is no JSON is an error that names the place.
    package init(message body: Data) throws(FieldError) {
        let start = body.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        do {
            self = try JSONValue(parsing: body.dropFirst(start))
        } catch {
            throw FieldError(path: "", reason: "not JSON at byte \(error.offset + start)")
        }
    }
}
