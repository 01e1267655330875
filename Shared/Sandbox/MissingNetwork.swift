/// Says of a command that failed for want of a network that there is none, by design.
enum MissingNetwork {
    /// How much of the end of an output is looked at, in bytes.
    private static let tail = 16 << 10
    /// What resolvers, curl, pip, npm, go, apt, .NET, Maven, cargo and others say, in lower case.
    private static let signs = [
        "temporary failure in name resolution", "could not resolve host", "name or service not known", "eai_again",
        "getaddrinfo enotfound", "network is unreachable", "failed to lookup address information", "dial tcp: lookup",
        "could not resolve proxy", "unknownhostexception", "temporary failure resolving", "unable to resolve host",
        "failed host lookup", ",nxdomain", "resource temporarily unavailable (", "in offline mode",
        "you're using offline mode", "--offline was specified", "trouble with your network connection",
    ]

    /// For people and models.
    static func note(on output: String) -> String? {
        let text = String(decoding: output.utf8.suffix(tail), as: UTF8.self).lowercased()
        guard signs.contains(where: text.contains) else { return nil }
        return
            "[Commands run without network: nothing can be fetched or installed here. What is needed has to be on the "
            + "host, in the repository, or installed before work starts by validation.setup.]"
    }
}
