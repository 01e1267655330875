import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import TaskStore

/// Finds out who sends a request.
struct Authentication: Sendable {
    /// The cookie of browsers that signed in.
    static let cookie = "automata_session"
    /// How long a browser stays signed in.
    static let sessionLifetime: Duration = .seconds(30 * 86_400)

    let record: any AccessRecord
    let origins: Origins
    /// Whether programs of this host need no token.
    let isOpen: Bool

    /// Throws a ``Problem`` where what is shown is not good (any more): a mistake is not to look like nobody's request.
    func caller(of call: Call) async throws -> Caller {
        if let header = call.headers["authorization"] { return try await bearer(header) }
        if let cookie = call.cookie(Self.cookie) {
            let session = Secret(cookie)
            let grant = try await record.accessGrant(session: AccessToken.digest(of: session))
            if let grant { return .browser(grant, session: session) }
        }
        return isOpen && call.isLocal && !isFromBrowser(call) ? .thisHost : .nobody
    }

    /// Whether who began a stream may still see it: a token that was revoked ends its streams.
    func mayGoOn(_ call: Call) async throws -> Bool {
        guard call.caller.grant != nil else { return true }
        return try await caller(of: call) == call.caller
    }

    private func bearer(_ header: String) async throws -> Caller {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let grant = try await record.accessGrant(token: AccessToken.digest(of: Secret(parts[1].trimmed)))
        else {
            throw Problem(
                401, "unauthenticated", "there is no such token",
                headers: ["www-authenticate": "Bearer error=\"invalid_token\""])
        }
        return .bearer(grant)
    }

    /// Browsers say from which page a request comes, and none can keep them from it.
    private func isFromBrowser(_ call: Call) -> Bool {
        ["origin", "sec-fetch-site", "sec-fetch-mode", "cookie", "x-forwarded-for", "forwarded"]
            .contains { call.headers[$0] != nil }
    }

    /// Throws a ``Problem`` where a browser may send a request that its user does not know of.
    ///
    /// - Parameter form: The field of the form, where the body is one.
    func checkForm(_ call: Call, form: String?) throws(Problem) {
        guard !call.method.isSafe, let secret = call.caller.formSecret else { return }
        let shown = call.headers["x-csrf-token"] ?? form ?? ""
        // In constant time: the digests of equal texts alone are equal.
        guard ContentHash.sha256(Data(shown.utf8)) == ContentHash.sha256(Data(secret.utf8)) else {
            throw .forbidden("the form is not of this session: load the page again")
        }
    }

    /// The header that signs a browser in.
    func setCookie(_ session: Secret, at authority: String) -> (name: String, value: String) {
        cookie(session.reveal(), for: Self.sessionLifetime, at: authority)
    }

    /// The header that signs a browser out.
    func clearCookie(at authority: String) -> (name: String, value: String) {
        cookie("", for: .zero, at: authority)
    }

    private func cookie(_ value: String, for age: Duration, at authority: String) -> (name: String, value: String) {
        let secure = origins.isSecure(authority: authority) ? "; Secure" : ""
        let text = "\(Self.cookie)=\(value); Path=/; Max-Age=\(Int(age.seconds)); HttpOnly; SameSite=Strict\(secure)"
        return ("set-cookie", text)
    }
}
