import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows how the system is, or a company, or where a task is.",
        discussion: "What ended is counted over the last 24 hours.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "COMPANY/PROJECT/TASK or COMPANY (default: the platform, for operators).") var place: String?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func validate() throws { _ = try scope() }

    func run() async throws {
        let scope = try scope()
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            guard case .task(let address) = scope else { return try await showSystem(scope, client) }
            try show(try await client.ask(address, .status, [:]))
        }
    }

    private func scope() throws -> QueryScope {
        guard let scope = QueryScope(try TaskAddress(place: place ?? "-")), scope.level != .project else {
            throw ValidationError("expected COMPANY/PROJECT/TASK or COMPANY of [A-Za-z0-9_-]{1,64}")
        }
        return scope
    }

    private func showSystem(_ scope: QueryScope, _ client: PlatformClient) async throws {
        let limit = QueryRequest.maximumLimit
        let isPlatform = scope == .platform
        let health = try await isPlatform ? client.items("health", in: scope, limit: limit).items : []
        let counts = try await client.items("system", in: scope, limit: limit).items
        guard !json else { return try Output.json(["health": .array(health), "system": .array(counts)]) }
        for line in SystemTable.lines(health: health, counts: counts) { Output.line(line) }
    }

    private func show(_ fields: [String: JSONValue]) throws {
        guard !json else { return try Output.json(.object(fields)) }
        let snapshot = try JSONValue.object(fields).decode(StatusSnapshot.self)
        Output.line("status   \(snapshot.status.rawValue)")
        Output.line("stage    \(snapshot.stage.rawValue), round \(snapshot.round)")
        if let progress = snapshot.progress { Output.line("progress \(progress) %") }
        if let reason = snapshot.waitsFor { Output.line("waits    for \(reason)") }
        Output.line("events   \(snapshot.lastSeq)")
        if let branch = snapshot.branchName { Output.line("branch   \(branch)") }
        Output.line(String(format: "cost     $%.4f", snapshot.costUSD))
        if let reason = snapshot.result["error_message"]?.stringValue { Output.line("reason   \(reason)") }
    }
}
