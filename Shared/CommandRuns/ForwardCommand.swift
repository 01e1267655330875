import ArgumentParser
import Setup

/// What a service's own program does inside of the sandbox of a setup: it runs the command there, and forwards
/// connections to the proxy of the service.
package struct ForwardCommand: ParsableCommand {
    package static let name = "forward"
    package static let configuration = CommandConfiguration(
        commandName: name, abstract: "Runs a command whose connections go through a proxy's socket.",
        shouldDisplay: false)

    @Argument var socket: String
    @Argument(parsing: .captureForPassthrough) var command: [String] = []

    package init() {}

    package func run() throws {
        let code = try Forwarder.run(command, socket: socket)
        guard code == 0 else { throw ExitCode(code) }
    }
}
