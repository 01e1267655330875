import Contracts

extension ServiceKind {
    /// The settings that the service reads, as `--help` prints them.
    package var settingsHelp: String {
        let width = settings.map(\.name.count).max() ?? 0
        return settings.map { setting in
            let name = setting.name + String(repeating: " ", count: width - setting.name.count)
            let fallback = setting.fallback.map { " (default: \($0))" } ?? ""
            let aliases = setting.aliases.isEmpty ? "" : " (also \(setting.aliases.joined(separator: ", ")))"
            return "  \(name)  \(setting.help)\(fallback)\(aliases)"
        }.joined(separator: "\n")
    }
}
