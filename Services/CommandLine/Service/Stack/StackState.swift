import Foundation

/// What runs: written by `up`, read by `ps` and `down`.
struct StackState: Codable, Sendable {
    /// By which operators log in.
    var natsURL: String
    var databaseURL: String
    var processes: [StackProcess]
    /// Where the first gateway is; `nil` in the file of an older program.
    var gatewayURL: String?

    static func load(_ paths: StackPaths) throws -> StackState? {
        guard let data = FileManager.default.contents(atPath: paths.state) else { return nil }
        return try JSONDecoder().decode(StackState.self, from: data)
    }

    func save(_ paths: StackPaths) throws {
        try PrivateFile.write(try JSONEncoder().encode(self), to: paths.state)
    }
}
