import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import GatewayPages

/// How people come in with a browser: with a token, or by an address that works once.
enum SignInRoutes {
    static let rows: [Route] = [
        Route.page(.get, "/sign-in", .anybody) { call, _, gateway in
            guard let code = try call.field("code") else { return .page(SignInPage(), for: call) }
            return try await begin(call, gateway, notice: "This address was used before, or is too old.") { session in
                let digest = AccessToken.digest(of: Secret(code))
                return try await gateway.record.redeem(
                    invitation: digest, session: session, for: Authentication.sessionLifetime) != nil
            }
        },
        Route.page(.post, "/actions/sign-in", .anybody) { call, body, gateway in
            let form = try FormEncoding.fields(String(decoding: body, as: UTF8.self))
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
            return .page(SignInPage(error: notice), for: call, 403)
        }
        return .seeOther("/", [gateway.authentication.setCookie(session, at: call.authority)])
    }
}
