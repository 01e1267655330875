import ArgumentParser
import Foundation
import ServiceKit

/// Where the tool finds the platform: the environment, a settings file, or the private stack of this folder.
struct ClientOptions: ParsableArguments {
    @Option(name: .long, help: "A file of NAME=value lines (default: .automata/client.env, if `automata up` ran here).")
    var config: String?

    func source() async throws -> SettingsSource {
        let fallback = StackPaths.current.clientSettings
        let file = config ?? (FileManager.default.fileExists(atPath: fallback) ? fallback : nil)
        return try await SettingsSource(file: file)
    }
}
