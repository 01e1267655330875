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
            let given = try await options.source().secret("AUTOMATA_MASTER_KEY")
            guard let master = new ? KeyRing.newMasterKey() : given else {
                throw Failure("AUTOMATA_MASTER_KEY is not set; --new makes one", Exit.settings)
            }
            let ring: KeyRing
            do {
                ring = try KeyRing(["AUTOMATA_MASTER_KEY": master])
            } catch {
                throw Failure("\(error)", Exit.settings)
            }
            if new { Output.line("AUTOMATA_MASTER_KEY=\(master.reveal())") }
            for (setting, value) in ring.exported.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                Output.line("\(setting.rawValue)=\(value.reveal())")
            }
            if let key = ring.sealing?.publicKey { Output.line("# public key for `automata seal`: \(key)") }
        }
    }
}
