import Foundations

/// Credentials of a Git remote as a request carries them.
package enum Credentials: Sendable, Hashable {
    case none
    case usernamePassword(username: String, password: Secret)
    /// `username` defaults to what the host expects (`x-access-token`, `oauth2`).
    case accessToken(Secret, username: String?)
    /// A private key in PEM or OpenSSH form, with its passphrase if it has one.
    case privateKey(Secret, passphrase: Secret?)
    /// A key file on the host of the services, below the directory the operator set aside for the company.
    case privateKeyPath(String, passphrase: Secret?)
    /// Sealed to the platform's public key: base64 of an HPKE message. Empty where they are kept apart from the request.
    case sealed(String)

    /// The values of `credential_type`.
    package enum Kind: String, CaseIterable, Sendable {
        case usernamePassword = "username_password"
        case keyCert = "key_cert"
        case accessToken = "access_token"
        case none
        case sealed
    }

    /// Whether they hold a secret in clear.
    package var arePlain: Bool {
        switch self {
        case .none, .sealed: false
        default: true
        }
    }

    /// The secrets they hold, for redaction.
    package var secrets: [Secret] {
        switch self {
        case .none, .sealed: []
        case .usernamePassword(_, let password): [password]
        case .accessToken(let token, _): [token]
        case .privateKey(let key, let passphrase): [key] + (passphrase.map { [$0] } ?? [])
        case .privateKeyPath(_, let passphrase): passphrase.map { [$0] } ?? []
        }
    }
}

extension Credentials {
    /// The most bytes of a name, a password or a token.
    private static let textLimit = 4 << 10
    /// The most bytes of a private key; one of RSA with 16,384 bits takes 13 KB.
    private static let keyLimit = 16 << 10
    /// The most bytes of a seal: what the limits above can grow to by JSON's escapes and base64.
    private static let sealLimit = 256 << 10

    /// Every field but the type: a text, also where the type does not use it.
    package static let fields = [
        "username", "password", "private_key", "private_key_path", "key_password", "access_token", "sealed",
    ]

    package init(_ fields: FieldReader) throws(FieldError) {
        let kind = try fields.optionalCase("credential_type", of: Kind.self) ?? .none
        for name in Self.fields { _ = try fields.optionalString(name, atMost: Self.sealLimit) }
        switch kind {
        case .none: self = .none
        case .usernamePassword:
            self = .usernamePassword(
                username: try fields.string("username", atMost: Self.textLimit),
                password: Secret(try fields.string("password", atMost: Self.textLimit)))
        case .accessToken:
            let username = try fields.optionalString("username", atMost: Self.textLimit)
            self = .accessToken(
                Secret(try fields.string("access_token", atMost: Self.textLimit)),
                username: username?.isEmpty == false ? username : nil)
        case .keyCert: self = try Self.keyCertificate(fields)
        case .sealed:
            guard let text = try fields.optionalString("sealed", atMost: Self.sealLimit) else {
                throw fields.error("sealed", "missing")
            }
            self = .sealed(text)
        }
    }

    private static func keyCertificate(_ fields: FieldReader) throws(FieldError) -> Credentials {
        let passphrase = try fields.optionalString("key_password", atMost: Self.textLimit)
            .flatMap { $0.isEmpty ? nil : Secret($0) }
        if let key = try fields.optionalString("private_key", atMost: Self.keyLimit), !key.isEmpty {
            return .privateKey(Secret(key), passphrase: passphrase)
        }
        if let path = try fields.optionalString("private_key_path", atMost: Self.textLimit), !path.isEmpty {
            return .privateKeyPath(path, passphrase: passphrase)
        }
        throw fields.error("private_key", "missing (or private_key_path)")
    }

    /// The JSON of the wire. It reveals the secrets: only for a client's request, a seal and a keyed hash.
    package func revealed() -> JSONValue {
        switch self {
        case .none: return ["credential_type": "none"]
        case .usernamePassword(let username, let password):
            return [
                "credential_type": "username_password", "username": .string(username),
                "password": .string(password.reveal()),
            ]
        case .accessToken(let token, let username):
            return [
                "credential_type": "access_token", "access_token": .string(token.reveal()),
                "username": .string(username ?? ""),
            ]
        case .privateKey(let key, let passphrase):
            return [
                "credential_type": "key_cert", "private_key": .string(key.reveal()),
                "key_password": passphrase.map { .string($0.reveal()) } ?? .null,
            ]
        case .privateKeyPath(let path, let passphrase):
            return [
                "credential_type": "key_cert", "private_key_path": .string(path),
                "key_password": passphrase.map { .string($0.reveal()) } ?? .null,
            ]
        case .sealed(let text): return ["credential_type": "sealed", "sealed": .string(text)]
        }
    }
}
