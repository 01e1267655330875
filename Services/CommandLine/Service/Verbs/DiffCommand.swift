import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata diff`
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Prints what a task has changed, as a patch for `git apply`.",
        discussion: """
            Also of a task that failed, or was not to be pushed: its work is kept for RETENTION_DAYS. What was pushed \
            is shown as long as the remote has it.
            """)

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: TaskReference
    @Flag(name: .long, help: "Print JSON: commits, changed files and the patch.") var json = false

    func run() async throws {
        let address = try reference.address()
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let (fields, patch) = try await client.diff(address)
            guard json else { return FileHandle.standardOutput.write(Data(patch.utf8)) }
            var document = fields.filter { ["base_commit", "head_commit", "files"].contains($0.key) }
            document["patch"] = .string(patch)
            try Output.json(.object(document))
        }
    }
}

extension PlatformClient {
    /// The whole patch of the work that is kept of a task, and the fields of the last answer.
    fileprivate func diff(_ address: TaskAddress) async throws -> (fields: [String: JSONValue], patch: String) {
        var (request, patch) = (DiffRequest(), "")
        while true {
            let fields = try await ask(address, .diff, request.json, timeout: .seconds(120))
            patch += fields["patch"]?.stringValue ?? ""
            guard let offset = fields["offset"]?.intValue else { return (fields, patch) }
            request = DiffRequest(head: fields["head_commit"]?.stringValue, offset: offset)
        }
    }
}
