import ArgumentParser
import Contracts
import Foundations
import ServiceKit
import TaskStore

/// `automata limits`
struct LimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "How many tasks of a company run at a time, in all replicas together.",
        subcommands: [List.self, Set.self, Remove.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the limits in force.")

        @OptionGroup var options: ClientOptions
        @Flag(name: .long, help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let (_, store) = try RecordAccess.open(try await options.source())
                let limits = try await store.companyLimits()
                guard !json else { return try Output.json(try JSONValue(encoding: limits)) }
                for limit in limits { Output.line("\(limit.company)  \(limit.maxRunning)") }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sets the limit of a company.")

        @OptionGroup var options: ClientOptions
        @OptionGroup var company: CompanyArgument
        @Argument(help: "Tasks that may run at a time, at least 1.") var maximum: Int

        func validate() throws {
            guard maximum >= 1 else { throw ValidationError("expected at least 1 task at a time") }
        }

        func run() async throws {
            try await reporting {
                let (_, store) = try RecordAccess.open(try await options.source())
                try await store.set(CompanyLimit(company: company.company, maxRunning: maximum))
                Output.line("set")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes the limit of a company.")

        @OptionGroup var options: ClientOptions
        @OptionGroup var company: CompanyArgument

        func run() async throws {
            try await reporting {
                let (_, store) = try RecordAccess.open(try await options.source())
                guard try await store.removeLimit(of: company.company) else {
                    throw Failure("\(company.company) has no limit of its own", Exit.notFound)
                }
                Output.line("removed")
            }
        }
    }

    struct CompanyArgument: ParsableArguments {
        @Argument(help: "The company's id, or '*' for every company without a limit of its own.") var company: String

        func validate() throws {
            guard company == CompanyLimit.everyOther || CompanyID(company) != nil else {
                throw ValidationError("expected a company's id or '*', got \(company.clipped(80))")
            }
        }
    }
}
