/// A key of the settings that cannot be used.
package struct KeyError: Error, Hashable, CustomStringConvertible {
    /// The name of the setting, for example `AUTOMATA_MASTER_KEY`.
    package let setting: String
    /// What is wrong with it, without its value.
    package let reason: String

    package init(setting: String, reason: String) {
        self.setting = setting
        self.reason = reason
    }

    /// The same value stays wrong.
    package var isRetriable: Bool { false }
    package var description: String { "\(setting): \(reason)" }
}
