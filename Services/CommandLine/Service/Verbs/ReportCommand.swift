import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata report`
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints the last report of the platform or a company, in Markdown.",
        discussion: "Reports are written at checkpoints, and with --new.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Write a new one, of the time since the last.") var new = false
    @Flag(name: .long, help: "Print JSON, with the figures.") var json = false

    func run() async throws {
        let scope = try place.scope()
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            if new {
                let request = OperationRequest(.report, actor: actor.name)
                _ = try await client.ask(scope.address, .control, request.json, timeout: .seconds(150))
            }
            guard let report = try await last(scope, client) else {
                throw Failure("there is no report yet; --new writes one", Exit.notFound)
            }
            guard !json else { return try Output.json(report) }
            Output.line(report.text("markdown"))
        }
    }

    /// The platform's own, where it is asked for: those of companies are among its reports too.
    private func last(_ scope: QueryScope, _ client: PlatformClient) async throws -> JSONValue? {
        let own: JSONValue = scope == .platform ? .null : .string(scope.address.company.text)
        var cursor: String?
        repeat {
            let page = try await client.page(QueryRequest("reports", limit: 10, cursor: cursor), in: scope)
            if let report = page.items.first(where: { $0["company_id"] == own }) { return report }
            cursor = page.cursor
        } while cursor != nil
        return nil
    }
}
