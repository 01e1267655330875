import ArgumentParser
import Contracts
import Cryptography
import Foundation
import Foundations

/// `automata seal`
struct SealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "Seals credentials to the platform's public key, for one company and remote.",
        discussion: "Reads the credentials object of a task request from standard input.")

    @Option(name: .long, help: "The platform's public key.") var publicKey: String
    @Option(name: .long, help: "The company that may use them.") var company: String
    @Option(name: .long, help: "The remote URL that they are for.") var remote: String

    func run() async throws {
        try await reporting {
            guard let key = SealingPublicKey(base64: publicKey) else {
                throw Failure("--public-key is not a key", Exit.settings)
            }
            guard let company = CompanyID(company) else { throw Failure("--company is not an id", Exit.settings) }
            let input = FileHandle.standardInput.readDataToEndOfFile()
            do {
                let credentials = try Credentials(try FieldReader(try JSONValue(parsing: input)))
                let sealed = try CredentialSeal.seal(credentials, to: key, company: company, remoteURL: remote)
                try Output.json(["credential_type": "sealed", "sealed": .string(sealed)])
            } catch let error as FieldError {
                throw Failure("\(error)", Exit.refused)
            } catch is JSONSyntaxError {
                throw Failure("standard input is not JSON", Exit.refused)
            }
        }
    }
}
