import ArgumentParser
import Foundation
import Foundations
import TaskStore

/// `automata migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the database's schema up to date, and its roles.",
        discussion: """
            For the owner of the database, before services that do not own it are started. Of the roles, those log in \
            whose password stands in the environment: \(DatabaseRole.allCases.map(\.passwordVariable).joined(separator: ", ")).
            """)

    @OptionGroup var options: ClientOptions
    @Flag(name: .long, help: "The schema alone: services and people use the owner's login.") var withoutRoles = false

    func run() async throws {
        try await reporting {
            let (pool, _) = try RecordAccess.open(try await options.source())
            do {
                let applied = try await TaskStore.migrate(pool)
                if !withoutRoles { try await TaskStore.grantAccess(pool, passwords: Self.passwords()) }
                Output.line(applied.isEmpty ? "up to date" : "applied \(applied.count) migration(s)")
            } catch let error as StoreError {
                throw Failure(error.description, Exit.settings)
            }
        }
    }

    private static func passwords() -> [DatabaseRole: Secret] {
        let variables = ProcessInfo.processInfo.environment
        let given = DatabaseRole.allCases.compactMap { role in
            variables[role.passwordVariable].flatMap { $0.isEmpty ? nil : (role, Secret($0)) }
        }
        return Dictionary(uniqueKeysWithValues: given)
    }
}
