import Contracts
import Foundation
import Foundations

/// A submission with a secret somewhere in it, spelled in some way: the same for the same seed.
struct SecretPlacement {
    private let secret: String
    private var state: UInt64

    init(seed: UInt64, secret: String) {
        self.secret = secret
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    /// What must be found nowhere.
    var forms: [String] {
        [secret, Data(secret.utf8).base64EncodedString(), escaped, String(secret.prefix(7))]
    }

    private var escaped: String {
        secret.utf16.map { "\\u00" + String($0, radix: 16) }.joined()
    }

    /// A number below `bound` (xorshift).
    private mutating func random(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }

    private mutating func pick<T>(_ values: [T]) -> T { values[random(values.count)] }

    mutating func body(_ address: TaskAddress) -> Data {
        let request = TaskRequest(
            task: TaskSettings(address: address, title: "t"),
            repository: RepositorySettings(remoteURL: "https://example.org/x.git"))
        let placed = place(in: request.json, depth: 0)
        var text = spell(placed)
        if random(4) == 0 { text = String(text.dropLast(1 + random(5))) }
        return Data(text.utf8)
    }

    /// The value with the secret in one place: a value, a member's name, or an element.
    private mutating func place(in value: JSONValue, depth: Int) -> JSONValue {
        guard case .object(var members) = value, !members.isEmpty, random(5) > 0 else { return hidden }
        let name = pick(members.keys.sorted())
        switch random(6) {
        case 0: members[secret] = 1
        case 1: members[pick(["accessToken", "token", "pass", "remote_url2"])] = hidden
        default: members[name] = members[name].map { place(in: $0, depth: depth + 1) }
        }
        return .object(members)
    }

    private var hidden: JSONValue {
        mutating get {
            let url = "https://u:\(pick(["", "/", "@", ":/"]))\(secret)@example.org/x"
            return pick([
                .string(secret), .string(url), .string("x \(secret)\n"), .array([.string(secret)]),
                ["k": .string(secret)], [secret: .string(secret)], .string("-\(secret)"), .string("\(secret)\0"),
            ])
        }
    }

    private mutating func spell(_ value: JSONValue) -> String {
        let text = (try? value.text()) ?? ""
        switch random(6) {
        case 0: return text.replacing("\"", with: "'")
        case 1: return text.replacing(secret, with: escaped)
        case 2: return text.replacing("{", with: "\n").replacing("}", with: "").replacing("\"", with: "")
        case 3: return "\(secret)\(text)"
        case 4: return text.replacing(",", with: ",,")
        default: return text
        }
    }
}
