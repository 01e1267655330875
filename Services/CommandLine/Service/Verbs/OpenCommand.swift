import ArgumentParser
import Foundations
import ServiceKit
import TaskStore

/// `automata open`
struct OpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Prints an address that lets a browser into the dashboard, once, within ten minutes.",
        discussion: "For who may log in to the database as its owner, as who started the stack of this folder may.")

    @OptionGroup var options: ClientOptions
    @Option(name: .long, help: "Where a gateway is found (default: that of the stack of this folder).") var url: String?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let gateway = StackGateway(url: try address())
            let (_, store) = try RecordAccess.open(try await options.source())
            let login = try await gateway.invitation(store)
            guard json else { return Output.line(login) }
            try Output.json(["gateway_url": .string(gateway.url), "login_url": .string(login)])
        }
    }

    private func address() throws -> String {
        if let url { return url.hasSuffix("/") ? String(url.dropLast()) : url }
        let paths = StackPaths.current
        guard let known = try StackState.load(paths)?.gatewayURL else {
            throw Failure("no stack is running in \(paths.root); --url says where a gateway is", Exit.notFound)
        }
        return known
    }
}
