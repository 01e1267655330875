import ArgumentParser
import Contracts
import Cryptography
import Foundation
import Foundations
import ServiceKit
import TaskStore

/// `automata tokens`
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Who may come in over HTTP. For who may log in to the database as its owner.",
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token and prints it: it is kept nowhere, and not shown again.")

        @OptionGroup var options: ClientOptions
        @Option(name: .long, help: "viewer reads, operator also adds and controls tasks, admin also changes the rest.")
        var role: AccessRole
        @Option(name: .long, help: "The company that it is for (default: the whole platform).") var company: String?
        @Option(name: .long, help: "Whom its actions are put down to (default: role and company, with a number).")
        var name: String?
        @Flag(name: .long, help: "Print JSON.") var json = false

        func validate() throws {
            _ = try QueryScope(company: company)
            guard name.map({ TaskID($0) != nil }) ?? true else {
                throw ValidationError("--name: expected [A-Za-z0-9_-]{1,64}")
            }
        }

        func run() async throws {
            try await reporting {
                let (_, store) = try RecordAccess.open(try await options.source())
                let token = AccessToken.generate()
                let grant = AccessGrant(name: name ?? usualName, role: role, company: company.flatMap { CompanyID($0) })
                guard try await store.create(grant, digest: AccessToken.digest(of: token)) else {
                    throw Failure("there is a token \(grant.name) already", Exit.refused)
                }
                guard json else { return Output.line(token.reveal()) }
                try Output.json(["token": .string(token.reveal()), "name": .string(grant.name)])
            }
        }

        private var usualName: String {
            let place = company.map { "-\($0.prefix(40))" } ?? ""
            return "\(role.rawValue)\(place)-\(UInt32.random(in: 0...0xFF_FFFF))"
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the tokens that there are.")

        @OptionGroup var options: ClientOptions
        @Flag(name: .long, help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let (_, store) = try RecordAccess.open(try await options.source())
                let grants = try await store.accessGrants()
                guard !json else { return try Output.json(try JSONValue(encoding: grants)) }
                for grant in grants {
                    let place = grant.company?.text ?? "platform"
                    Output.line("\(grant.name)  \(grant.role.rawValue)  \(place)  \(Timestamp.text(grant.createdAt))")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends a token, and with it the browsers and streams that came in by it.")

        @OptionGroup var options: ClientOptions
        @Argument(help: "The token's name.") var name: String

        func run() async throws {
            try await reporting {
                let (_, store) = try RecordAccess.open(try await options.source())
                guard try await store.revoke(name) else { throw Failure("there is no token \(name)", Exit.notFound) }
                Output.line("revoked")
            }
        }
    }
}

extension AccessRole: ExpressibleByArgument {}
