/// The first line of a request (RFC 9112, 3), which is all that the health endpoints look at.
struct HTTPRequestLine: Sendable, Hashable {
    let method: String
    /// Without the query.
    let path: String

    /// `nil` if the line that `head` begins with is none of HTTP/1.
    init?(_ head: some Sequence<UInt8>) {
        let line = Array(head.prefix { $0 != UInt8(ascii: "\r") })
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard line.allSatisfy({ (0x20...0x7E).contains($0) }), parts.count == 3, !parts[0].isEmpty,
            parts[1].first == UInt8(ascii: "/"), parts[2].starts(with: "HTTP/1.".utf8)
        else { return nil }
        method = String(decoding: parts[0], as: UTF8.self)
        path = String(decoding: parts[1].prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }
}
