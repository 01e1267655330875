import FoundationEssentials

/// Which tool chains of a host commands see, and which they do not.
package struct ToolSurvey: Sendable, Hashable {
    /// Further folders below a home in which people keep programs.
    private static let usual = [".cargo", ".local/bin", ".bun", ".deno", "go/bin", ".dotnet", ".ghcup", ".nix-profile"]

    /// For people: what is shown, with the name of what manages it.
    package let seen: [String]
    /// Folders that would have to be shown, in the order in which their programs are found.
    package let hidden: [String]

    /// - Parameters:
    ///   - shown: The folders that the operator shows.
    ///   - searchPath: Where the service looks up programs.
    ///   - home: The home of its account.
    package init(shown: [String], searchPath: [String], home: String?) {
        let view = HostView(SandboxConfiguration(readOnlyPaths: shown, searchPath: searchPath))
        seen = shown.map { path in
            let folder = ToolFolder(path)
            return folder.manager.map { "\($0.name) at \(path)" } ?? path
        }
        let own = home.map { home in
            (Self.usual + VersionManager.all.map(\.home)).map { "\(home)/\($0)" }
                .filter(FileManager.default.fileExists).filter { !view.shows($0) }
        }
        let known = own ?? []
        let others = view.hidden.filter { folder in !known.contains { folder == $0 || folder.hasPrefix("\($0)/") } }
        hidden = known + others.map { Self.whole($0, home: home) }
    }

    /// The folder that a folder of programs belongs to, whose libraries they need; never a home.
    private static func whole(_ folder: String, home: String?) -> String {
        guard folder.hasSuffix("/bin") else { return folder }
        let parent = String(folder.dropLast("/bin".count))
        let shared = [home, home.map { "\($0)/.local" }].compactMap(\.self)
        // `/x/bin` may be anybody's.
        return shared.contains(parent) || parent.count(where: { $0 == "/" }) < 2 ? folder : parent
    }
}
