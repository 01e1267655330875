import ArgumentParser
import Contracts
import Cryptography
import Foundation
import Foundations
import ServiceKit

/// `automata keys`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes a fresh set of keys, or splits AUTOMATA_MASTER_KEY into its parts.",
        discussion: "The output holds secrets: give each service only what the settings table says it needs.")

    @OptionGroup var options: ClientOptions
    @Flag(name: .long, help: "Make a new master key.") var new = false

    func run() async throws {
        try await reporting {
            let given = try await options.source().secret(.masterKey)
            guard let master = new ? KeyRing.newMasterKey() : given else {
                throw Failure("AUTOMATA_MASTER_KEY is not set; --new makes one", Exit.settings)
            }
            let ring: KeyRing
            do {
                ring = try KeyRing([.masterKey: master])
            } catch {
                throw Failure("\(error)", Exit.settings)
            }
            if new { Output.line("\(Setting.masterKey.name)=\(master.reveal())") }
            for (setting, value) in ring.exported.sorted(by: { $0.key.name < $1.key.name }) {
                Output.line("\(setting.name)=\(value.reveal())")
            }
            if let key = ring.sealing?.publicKey { Output.line("# public key for `automata seal`: \(key)") }
        }
    }
}
