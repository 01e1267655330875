import FoundationEssentials
import Foundations
import Messaging

/// The servers and the login that a URL setting names.
///
/// The client library decodes nothing in a URL and prints it whole in its errors, so the login is taken out here.
struct ServerAddress: Equatable {
    /// The URLs without user information.
    var servers: [String] = []
    var user: Secret?
    var password: Secret?
    /// A user without a password is a token.
    var token: Secret?
    /// Whether any URL asks for TLS.
    var isSecure = false

    init(_ setting: Secret) throws(BusError) {
        for part in setting.reveal().split(separator: ",") {
            try add(part.trimmed)
        }
        guard !servers.isEmpty else { throw BusError(.other, "the URL of the bus is empty") }
    }

    private mutating func add(_ url: String) throws(BusError) {
        guard !url.isEmpty else { return }
        let mark = url.firstRange(of: "://")
        let scheme = mark.map { String(url[..<$0.lowerBound]) } ?? "nats"
        var host = mark.map { String(url[$0.upperBound...]) } ?? url
        if let at = host.lastIndex(of: "@") {
            if user == nil, token == nil { login(host[..<at]) }
            host = String(host[host.index(after: at)...])
        }
        let isPlain = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard ["nats", "tls"].contains(scheme), !host.isEmpty, isPlain else {
            throw BusError(.other, "the URL of the bus is not nats://host:port or tls://host:port")
        }
        isSecure = isSecure || scheme == "tls"
        servers.append("\(scheme)://\(host)")
    }

    private mutating func login(_ text: Substring) {
        func decoded(_ text: Substring) -> Secret { Secret(text.percentDecoded ?? String(text)) }
        if let colon = text.firstIndex(of: ":") {
            user = decoded(text[..<colon])
            password = decoded(text[text.index(after: colon)...])
        } else if !text.isEmpty {
            token = decoded(text)
        }
    }
}
