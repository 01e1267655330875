import Configuration
import Contracts
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

    package init(_ setting: Setting, _ reason: String) { self.init(setting.name, reason) }

    package var description: String { "\(setting): \(reason)" }
}

/// The one door to settings: reads them from the environment first, then from a file of `NAME=value` lines.
///
/// A service comes through it to the settings of its row in ``ServiceKind`` alone, so that its `--help` tells all of them.
package struct SettingsSource: Sendable {
    private let reader: ConfigReader
    /// `nil` is every setting.
    private let readable: Set<Setting>?

    /// The process environment, and `file` below it; for `service`, or for a tool.
    package init(file: String? = nil, of service: ServiceKind? = nil) async throws {
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
        readable = service.map { Set($0.settings) }
    }

    /// Given values only, for tests and tools.
    package init(values: [String: String], of service: ServiceKind? = nil) {
        reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values))
        readable = service.map { Set($0.settings) }
    }

    /// Whether the setting may be read here.
    package func reads(_ setting: Setting) -> Bool { readable?.contains(setting) ?? true }

    /// The text of a setting by its name, its aliases, then its default. An empty text counts as not given.
    package func text(_ setting: Setting) throws -> String? { try given(setting) ?? setting.fallback }

    /// Like ``text(_:)``, without the default.
    package func given(_ setting: Setting) throws -> String? {
        guard reads(setting) else {
            throw SettingsError(setting, "is not among the settings of this service: its row in ServiceKind lacks it")
        }
        return value(of: setting)
    }

    private func value(of setting: Setting) -> String? {
        for name in [setting.name] + setting.aliases {
            let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
            if let value = reader.string(forKey: key, isSecret: setting.isSecret), !value.isEmpty { return value }
        }
        return nil
    }

    /// Every secret that is set, for redaction: also those that are of no use here, which no log shall show either.
    package var secrets: [Secret] {
        Setting.all.filter(\.isSecret).compactMap { value(of: $0).map { Secret($0) } }
    }

    package func secret(_ setting: Setting) throws -> Secret? { try text(setting).map(Secret.init) }

    package func required(_ setting: Setting) throws -> String {
        guard let text = try text(setting) else { throw SettingsError(setting, "missing") }
        return text
    }

    package func int(_ setting: Setting, in range: ClosedRange<Int>) throws -> Int {
        let text = try required(setting)
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                setting, "expected \(range.lowerBound)…\(range.upperBound), got \(text.prefix(32))")
        }
        return number
    }

    package func bool(_ setting: Setting) throws -> Bool {
        switch try required(setting).lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        case let text: throw SettingsError(setting, "expected true or false, got \(text.prefix(32))")
        }
    }

    package func list(_ setting: Setting, separator: Character = ",") throws -> [String] {
        (try text(setting) ?? "").split(separator: separator).map {
            $0.trimmed
        }
        .filter { !$0.isEmpty }
    }

    /// One of a few words.
    package func oneOf<T: RawRepresentable<String>>(_ cases: [T], _ setting: Setting) throws -> T {
        let text = try required(setting)
        guard let value = T(rawValue: text.lowercased()) else {
            let names = cases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError(setting, "expected one of \(names), got \(text.prefix(32))")
        }
        return value
    }

    /// The absolute path of a file that has to be readable, if one is set.
    package func readableFile(_ setting: Setting) throws -> String? {
        guard let text = try text(setting) else { return nil }
        let path = URL(fileURLWithPath: text).path
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw SettingsError(setting, "cannot read \(text.prefix(200))")
        }
        return path
    }
}
