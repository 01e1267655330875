import ArgumentParser
import Contracts
import Foundation
import Foundations

/// A verb that asks something of the platform, a company or a replica, and prints what holds now.
protocol OperationCommand: AsyncParsableCommand {
    var options: ClientOptions { get }
    var json: Bool { get }
}

extension OperationCommand {
    func ask(_ request: OperationRequest, of scope: QueryScope = .platform) async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let fields = try await client.ask(scope.address, .control, request.json)
            guard !json else { return try Output.json(.object(fields)) }
            Output.line(fields["status"]?.stringValue ?? "done")
        }
    }
}

/// The whole of what an operation is about.
struct OperationPlace: ParsableArguments {
    @Argument(help: "The company's id (default: the platform).") var company: String?

    func validate() throws { _ = try scope() }

    func scope() throws -> QueryScope { try QueryScope(company: company) }
}

/// Who asks.
struct ActorOption: ParsableArguments {
    @Option(name: .long, help: "Who asks, for the record (default: your login on this machine).") var actor: String?

    var name: String? {
        actor ?? ProcessInfo.processInfo.environment["USER"].flatMap { $0.isEmpty ? nil : $0 }
    }
}
