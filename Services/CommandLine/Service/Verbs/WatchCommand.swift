import ArgumentParser

/// `automata watch`
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follows a task to its end; exits with 1 if it fails.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: TaskReference
    @Flag(name: .long, help: "Print each event as a line of JSON.") var json = false

    func run() async throws {
        let address = try reference.address()
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            try await Watcher(client: client, address: address, json: json).follow()
        }
    }
}
