import Foundation

/// What runs: written by `up`, read by `ps` and `down`. The services are their supervisor's to write.
struct StackState: Codable, Sendable {
    /// By which operators log in.
    var natsURL: String
    var databaseURL: String
    var processes: [StackProcess]
    /// Where the first gateway is; `nil` in the file of an older program.
    var gatewayURL: String?

    /// Those that were ever started, by name.
    var services: [StackProcess] { processes.filter { $0.healthPort != nil } }

    static func load(_ paths: StackPaths) throws -> StackState? {
        guard let data = FileManager.default.contents(atPath: paths.state) else { return nil }
        return try JSONDecoder().decode(StackState.self, from: data).withServices(paths)
    }

    /// With the services as they are now.
    func withServices(_ paths: StackPaths) throws -> StackState {
        var state = self
        let services = try SupervisedProcess.load(paths).sorted { $0.key < $1.key }.map(\.value.process)
        state.processes = processes.filter { $0.healthPort == nil } + services
        return state
    }

    func save(_ paths: StackPaths) throws {
        try PrivateFile.write(try JSONEncoder().encode(self), to: paths.state)
    }
}
