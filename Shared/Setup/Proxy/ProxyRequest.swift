import Foundations

/// What a client asks of the proxy: a tunnel, or a document over plain HTTP.
struct ProxyRequest: Sendable, Hashable {
    /// Where to connect.
    let host: String
    let port: UInt16
    /// What is sent there first; `nil` for a tunnel, through which the client says everything itself.
    let head: String?

    /// The most bytes of a head.
    static let maximumHead = 64 << 10
    /// Of a connection, not of the document: what the next proxy or server must not see.
    private static let ofConnection: Set = [
        "connection", "proxy-connection", "proxy-authorization", "keep-alive", "host", "upgrade", "te",
    ]

    /// Reads a head without the empty line at its end.
    init(_ head: String) throws(ProxyRefusal) {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), !head.utf8.contains(0),
            !lines.contains(where: { $0.utf8.contains(10) || $0.utf8.contains(13) })
        else { throw ProxyRefusal(400, "a request that is no HTTP/1.1") }
        if words[0] == "CONNECT" {
            guard let (host, port) = HostPattern.split(words[1]), let port else {
                throw ProxyRefusal(400, "a malformed address")
            }
            (self.host, self.port, self.head) = (host, port, nil)
        } else {
            guard ["GET", "HEAD"].contains(words[0]) else {
                throw ProxyRefusal(405, "only GET, HEAD and tunnels pass")
            }
            let (authority, path) = try Self.parts(of: words[1])
            guard let (host, port) = HostPattern.split(authority) else {
                throw ProxyRefusal(400, "a malformed address")
            }
            (self.host, self.port) = (host, port ?? 80)
            self.head = try Self.head(words[0], path, authority, lines.dropFirst())
        }
    }

    private static func parts(of target: String) throws(ProxyRefusal) -> (authority: String, path: String) {
        let scheme = "http://"
        guard target.lowercased().hasPrefix(scheme) else {
            throw ProxyRefusal(400, "only addresses that begin with http:// pass outside of a tunnel")
        }
        let rest = target.dropFirst(scheme.count)
        let authority = String(rest.prefix { !"/?#".contains($0) })
        let path = String(rest.dropFirst(authority.count))
        return (authority, path.hasPrefix("/") ? path : "/\(path)")
    }

    /// One request for one document: the connection to the server ends with its answer, so nothing comes after it that
    /// nobody has looked at.
    private static func head(
        _ method: String, _ path: String, _ authority: String, _ lines: ArraySlice<String>
    ) throws(ProxyRefusal) -> String {
        let fields = lines.filter { line in
            !ofConnection.contains(line.prefix { $0 != ":" }.lowercased())
        }
        guard
            !fields.contains(where: { field in
                let name = field.prefix { $0 != ":" }.lowercased()
                return name == "content-length" || name == "transfer-encoding" || field.hasPrefix(" ")
            })
        else { throw ProxyRefusal(400, "a body that does not belong to GET and HEAD") }
        let own = ["\(method) \(path) HTTP/1.1", "Host: \(authority)", "Connection: close"]
        return (own + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// Why the proxy does not do what it is asked.
struct ProxyRefusal: Error, Hashable {
    let status: Int
    let reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// The answer to the client.
    var answer: String {
        let text = "\(reason)\n"
        return "HTTP/1.1 \(status) Refused\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
    }
}
