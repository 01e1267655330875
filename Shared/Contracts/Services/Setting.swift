/// A setting of services: its name in the environment and in a settings file, and what it means.
///
/// The settings themselves stand in `Settings.swift`; who reads which, in ``ServiceKind``.
package struct Setting: Sendable, Hashable {
    package let name: String
    /// Further names, for installations that come from elsewhere.
    package let aliases: [String]
    /// What holds when it is not given; `nil` where nothing does.
    package let fallback: String?
    package let isSecret: Bool
    package let help: String

    init(
        _ name: String, default fallback: String? = nil, aliases: [String] = [], isSecret: Bool = false,
        _ help: String
    ) {
        self.name = name
        self.aliases = aliases
        self.fallback = fallback
        self.isSecret = isSecret
        self.help = help
    }

    /// Every setting that a service reads.
    package static let all: [Setting] = {
        var known: Set<Setting> = []
        return ServiceKind.allCases.flatMap(\.settings).filter { known.insert($0).inserted }
    }()
}
