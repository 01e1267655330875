import Logging
import Sandbox
import ServiceKit

/// The sandbox of a service, as its settings ask for it.
package enum SandboxSettings {
    /// Finds the sandbox by running a command in it. Throws ``SettingsError`` where none works.
    package static func detect(_ context: ServiceContext) async throws -> Sandbox {
        let text = try context.settings.source.required("SANDBOX")
        guard let mode = SandboxMode(rawValue: text) else {
            throw SettingsError("SANDBOX", "expected auto, bubblewrap or none, got \(text.prefix(32))")
        }
        do {
            let sandbox = try await Sandbox.detect(mode)
            if sandbox.level == .none {
                context.logger.warning("commands run without a sandbox, as the settings ask")
            }
            return sandbox
        } catch let error as SandboxError {
            throw SettingsError("SANDBOX", "\(error)")
        }
    }
}
