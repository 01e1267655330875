import Contracts
import Foundation
import Foundations
import LocalServers

/// A private nats-server on the loopback address, for who knows a password.
struct LocalNATS: Sendable {
    let launcher: Launcher
    let passwords: StackPasswords

    private var paths: StackPaths { launcher.paths }

    /// Starts it and returns its process and what it was told: who logs in, and how.
    func start(_ subjects: SubjectScheme) async throws -> (StackProcess, NATSConfiguration) {
        guard let program = Stack.find("nats-server", in: ["/usr/sbin", "/usr/bin", "/usr/local/bin"]) else {
            throw Failure("nats-server is not installed: apt-get install nats-server", Exit.settings)
        }
        let configuration = try configuration(subjects)
        try PrivateFile.write(Data(try configuration.text().utf8), to: paths.natsConfiguration)
        let process = try launcher.start(
            "nats-server", program, ["-c", paths.natsConfiguration], environment: ["PATH": "/usr/bin:/bin"])
        do {
            try await Readiness(paths: paths).wait(for: process, port: configuration.port)
        } catch {
            await ProcessTable.end([process], within: .seconds(5))
            throw error
        }
        return (process, configuration)
    }

    private func configuration(_ subjects: SubjectScheme) throws -> NATSConfiguration {
        guard !paths.natsStore.contains(where: { "\"\\$".contains($0) || $0.isNewline }) else {
            throw Failure("\(paths.root): nats-server cannot work in a folder with this name", Exit.settings)
        }
        let logins = BusUser.ofPlatform.map { ($0, Secret(passwords[$0.login])) }
        return NATSConfiguration(
            subjects: subjects, host: "127.0.0.1", port: try LoopbackPort.free(), store: paths.natsStore,
            passwords: .given(Dictionary(uniqueKeysWithValues: logins)))
    }
}

extension NATSConfiguration {
    /// The settings by which a user logs in.
    func login(_ user: BusUser) throws -> [String: String] {
        [Setting.natsURL.name: try url(of: user), Setting.inboxPrefix.name: user.inboxPrefix]
    }
}
