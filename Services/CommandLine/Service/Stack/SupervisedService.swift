import Foundation

/// A service of a private stack, as its supervisor starts it.
struct SupervisedService: Codable, Sendable {
    var name: String
    var program: String
    /// With its logins and keys.
    var environment: [String: String]
    var healthPort: Int
}

/// What became of a service: its process, and how that ended for good.
struct SupervisedProcess: Codable, Sendable {
    var process: StackProcess
    /// How often it was started.
    var starts: Int
    /// What it exited with, if it is not started again.
    var status: Int32?

    /// By name; written by the supervisor alone.
    static func load(_ paths: StackPaths) throws -> [String: SupervisedProcess] {
        guard let data = FileManager.default.contents(atPath: paths.supervised) else { return [:] }
        return try JSONDecoder().decode([String: SupervisedProcess].self, from: data)
    }

    static func save(_ processes: [String: SupervisedProcess], _ paths: StackPaths) throws {
        try PrivateFile.write(try JSONEncoder().encode(processes), to: paths.supervised)
    }
}
