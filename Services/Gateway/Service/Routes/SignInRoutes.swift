import Contracts
import Cryptography
import FoundationEssentials
import Foundations

/// How people come in with a browser: with a token, or by an address that works once.
enum SignInRoutes {
    static let rows = [
        Route.page(.get, "/sign-in", .anybody) { call, _, gateway in
            guard let code = try call.field("code") else { return .html(SignInPage(notice: nil).html) }
            return try await begin(call, gateway, notice: "This address was used before, or is too old.") { session in
                let digest = AccessToken.digest(of: Secret(code))
                return try await gateway.record.redeem(
                    invitation: digest, session: session, for: Authentication.sessionLifetime) != nil
            }
        },
        Route.page(.post, "/actions/sign-in", .anybody) { call, body, gateway in
            let form = try Form.fields(String(decoding: body, as: UTF8.self))
            return try await begin(call, gateway, notice: "There is no such token.") { session in
                let digest = AccessToken.digest(of: Secret((form["token"]?.first ?? "").trimmed))
                return try await gateway.record.signIn(
                    token: digest, session: session, for: Authentication.sessionLifetime) != nil
            }
        },
        Route.page(.post, "/actions/sign-out", .role(.viewer)) { call, _, gateway in
            if case .browser(_, let session) = call.caller {
                try await gateway.record.signOut(session: AccessToken.digest(of: session))
            }
            return .seeOther("/sign-in", [gateway.authentication.clearCookie(at: call.authority)])
        },
    ]

    /// Gives the browser a new session where `isBegun` says that the record has it.
    private static func begin(
        _ call: Call, _ gateway: Gateway, notice: String, _ isBegun: (_ digest: String) async throws -> Bool
    ) async throws -> Answer {
        let session = AccessToken.generate()
        guard try await isBegun(AccessToken.digest(of: session)) else {
            return .html(SignInPage(notice: notice).html, 403)
        }
        return .seeOther("/", [gateway.authentication.setCookie(session, at: call.authority)])
    }
}

/// The one page for those who are nobody yet.
struct SignInPage {
    /// Why the last try failed.
    let notice: String?

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Sign in – Automata</title>
        <link rel="stylesheet" href="/assets/style.css">
        </head>
        <body class="sign-in">
        <main>
        <h1>Automata</h1>
        \(notice.map { "<p class=\"notice\" role=\"alert\">\($0)</p>" } ?? "")
        <form method="post" action="/actions/sign-in">
        <label for="token">Access token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
        <button>Sign in</button>
        </form>
        <p><code>automata tokens create --role operator</code> makes one.</p>
        </main>
        </body>
        </html>

        """
    }
}
