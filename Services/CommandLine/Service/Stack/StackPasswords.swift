import Foundation
import Foundations

/// The passwords of a private stack's servers: made when they are first needed, kept in a file that only its owner may
/// read.
struct StackPasswords: Sendable {
    private let byLogin: [String: String]

    static func loadOrCreate(_ paths: StackPaths, logins: [String]) throws -> StackPasswords {
        try paths.create()
        let file = FileManager.default.contents(atPath: paths.passwords)
        let known = try file.map { try JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
        let all = Dictionary(logins.map { ($0, NATSConfiguration.newPassword().reveal()) }) { $1 }.merging(known) { $1 }
        if all != known { try PrivateFile.write(try JSONEncoder().encode(all), to: paths.passwords) }
        return StackPasswords(byLogin: all)
    }

    /// The password of a login, empty if it has none.
    subscript(login: String) -> String { byLogin[login] ?? "" }
}
