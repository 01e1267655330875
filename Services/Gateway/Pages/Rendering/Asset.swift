/// A file that pages name. Its path changes with its content, so that a browser may keep it for good.
package struct Asset: Sendable {
    package let path: String
    package let contentType: String
    package let bytes: [UInt8]

    private init(_ name: String, _ type: String, contentType: String, _ bytes: [UInt8]) {
        path = "/assets/\(name)-\(Self.digest(bytes)).\(type)"
        self.contentType = contentType
        self.bytes = bytes
    }

    package static let styleSheet = Asset(
        "automata", "css", contentType: "text/css; charset=utf-8", PackageResources.automata_css)
    package static let script = Asset(
        "automata", "js", contentType: "text/javascript; charset=utf-8", PackageResources.automata_js)
    package static let icon = Asset("automata", "svg", contentType: "image/svg+xml", PackageResources.automata_svg)

    /// All of them, each to be answered at its path with `Cache-Control: public, max-age=31536000, immutable`.
    package static let all = [styleSheet, script, icon]

    /// FNV-1a: it tells versions of our own files apart, and keeps nobody out.
    private static func digest(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}

/// The headers that every page is sent with.
package enum PageHeaders {
    package static let contentType = "text/html; charset=utf-8"

    /// Nothing of another host, no code and no style in the page itself.
    package static let contentSecurityPolicy = """
        default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    /// Name and value of each.
    package static let all: [(name: String, value: String)] = [
        ("Content-Type", contentType), ("Content-Security-Policy", contentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("Cache-Control", "no-store"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
}
