import Configuration
import FoundationEssentials
import Foundations
import SystemPackage

/// A setting that is missing or not as it should be. A service answers it with exit code 78 (`EX_CONFIG`).
package struct SettingsError: Error, Hashable, CustomStringConvertible {
    package let setting: String
    package let reason: String

    package init(_ setting: String, _ reason: String) {
        self.setting = setting
        self.reason = reason
    }

    package var description: String { "\(setting): \(reason)" }
}

/// Reads settings from the environment first, then from a file of `NAME=value` lines.
package struct SettingsSource: Sendable {
    private let reader: ConfigReader

    /// The process environment, and `file` below it.
    package init(file: String? = nil) async throws {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if let file {
            do {
                providers.append(
                    try await EnvironmentVariablesProvider(environmentFilePath: FilePath(file)))
            } catch {
                throw SettingsError("--config", "cannot read \(file)")
            }
        }
        reader = ConfigReader(providers: providers)
    }

    /// Given values only, for tests and tools.
    package init(values: [String: String]) {
        reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values))
    }

    /// The text of a setting by its name, its aliases, then its default. An empty text counts as not given.
    package func text(_ name: String) throws -> String? {
        let setting = try Self.setting(name)
        return given(setting) ?? setting.fallback
    }

    /// Like ``text(_:)``, without the default.
    package func given(_ name: String) throws -> String? { try given(Self.setting(name)) }

    private static func setting(_ name: String) throws -> Setting {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            throw SettingsError(name, "is not a setting")
        }
        return setting
    }

    private func given(_ setting: Setting) -> String? {
        for name in [setting.name] + setting.aliases {
            let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
            if let value = reader.string(forKey: key, isSecret: setting.isSecret), !value.isEmpty { return value }
        }
        return nil
    }

    package func secret(_ name: String) throws -> Secret? { try text(name).map(Secret.init) }

    package func required(_ name: String) throws -> String {
        guard let text = try text(name) else { throw SettingsError(name, "missing") }
        return text
    }

    package func int(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        let text = try required(name)
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                name, "expected \(range.lowerBound)…\(range.upperBound), got \(text.prefix(32))")
        }
        return number
    }

    package func bool(_ name: String) throws -> Bool {
        switch try required(name).lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        case let text: throw SettingsError(name, "expected true or false, got \(text.prefix(32))")
        }
    }

    package func list(_ name: String, separator: Character = ",") throws -> [String] {
        (try text(name) ?? "").split(separator: separator).map {
            $0.trimmed
        }
        .filter { !$0.isEmpty }
    }
}
