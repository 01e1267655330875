import FoundationEssentials
import Foundations

/// A request and the limits within which its reply must arrive.
package struct HTTPRequest: Sendable {
    /// Such as `GET`.
    package var method: String
    /// An absolute `http` or `https` URL, already percent-encoded.
    package var url: String
    /// Sent as they are. Names and values with control characters are refused.
    package var headers: [(String, String)]
    package var body: Data?
    /// For everything, from the start to the last byte of the body.
    package var timeout: Duration
    /// For the name, the connection and the TLS handshake.
    package var connectTimeout: Duration
    /// The longest time without a byte in either direction, checked every tenth of a second.
    package var idleTimeout: Duration
    /// The largest body that is accepted.
    package var maxBodyBytes: Int
    /// Follows up to five redirects, each under the same address policy. `Authorization` stays with the first host.
    package var followRedirects: Bool
    /// Asked for every address right before it is used; IPv4-mapped addresses arrive as IPv4. `nil` allows all.
    package var addressPolicy: (@Sendable (IPAddress) -> Bool)?

    package init(
        method: String = "GET", url: String, headers: [(String, String)] = [], body: Data? = nil,
        timeout: Duration = .seconds(60), connectTimeout: Duration = .seconds(10),
        idleTimeout: Duration = .seconds(30), maxBodyBytes: Int = 16 << 20, followRedirects: Bool = false,
        addressPolicy: (@Sendable (IPAddress) -> Bool)? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
        self.maxBodyBytes = maxBodyBytes
        self.followRedirects = followRedirects
        self.addressPolicy = addressPolicy
    }
}

extension HTTPRequest {
    /// Refuses what could smuggle a second header or request, or another scheme, past the caller.
    func validate() throws(TransferError) {
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
            throw TransferError(.invalidRequest, "the method is not an HTTP token")
        }
        let scheme = url.prefix(8).lowercased()
        guard scheme.hasPrefix("http://") || scheme == "https://" else {
            throw TransferError(.invalidRequest, "the URL is not http or https")
        }
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TransferError(.invalidRequest, "the URL holds white space, control characters or raw Unicode")
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
                throw TransferError(.invalidRequest, "a header name is not an HTTP token")
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
                throw TransferError(.invalidRequest, "the header \(name) holds control characters")
            }
        }
    }

    /// Characters of a token, RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
