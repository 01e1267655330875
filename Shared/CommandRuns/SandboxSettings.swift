import Contracts
import FoundationEssentials
import Logging
import Sandbox
import ServiceKit

/// The sandbox of a service, as its settings ask for it.
package enum SandboxSettings {
    /// Finds the sandbox by running a command in it. Throws ``SettingsError`` where none works.
    package static func detect(_ context: ServiceContext) async throws -> Sandbox {
        let sandbox = try await detect(context.settings.source)
        if sandbox.level == .none {
            context.logger.warning("commands run without a sandbox, as the settings ask")
        } else {
            context.logger.info(
                "sandbox found", metadata: ["level": "\(sandbox.level.rawValue)", "form": "\(sandbox.summary)"])
        }
        return sandbox
    }

    /// The same for tools.
    package static func detect(_ source: SettingsSource) async throws -> Sandbox {
        let text = try source.required(.sandboxMode)
        guard let mode = SandboxMode(rawValue: text) else {
            throw SettingsError(.sandboxMode, "expected auto, bubblewrap or none, got \(text.prefix(32))")
        }
        let memory = try source.int(.sandboxMemory, in: 64...1_048_576) << 20
        let paths = try SandboxPaths.read(source)
        do {
            return try await Sandbox.detect(
                mode, configuration: .init(readOnlyPaths: paths, memoryBytes: memory))
        } catch let error as SandboxError {
            throw SettingsError(.sandboxMode, "\(error)")
        }
    }

    /// Which tool chains of this host commands see.
    package static func tools(_ source: SettingsSource) throws -> ToolSurvey {
        ToolSurvey(
            shown: try SandboxPaths.read(source), searchPath: SandboxConfiguration.inheritedSearchPath,
            home: ProcessInfo.processInfo.environment["HOME"])
    }
}
