import FoundationEssentials
import Foundations

/// A program that keeps versions of tool chains below a folder of its own. A new one is a row.
package struct VersionManager: Sendable, Hashable {
    package let name: String
    /// Where it is below a home.
    let home: String
    /// The folder of the versions; a star stands for each of several tools.
    let versions: String
    /// The file that names the version in use.
    let choice: String?
    /// The variable that says where it is.
    let variable: String?

    package static let all = [
        VersionManager(
            name: "rustup", home: ".rustup", versions: "toolchains", choice: "settings.toml", variable: "RUSTUP_HOME"),
        VersionManager(
            name: "nvm", home: ".nvm", versions: "versions/node", choice: "alias/default", variable: "NVM_DIR"),
        VersionManager(name: "pyenv", home: ".pyenv", versions: "versions", choice: "version", variable: "PYENV_ROOT"),
        VersionManager(name: "rbenv", home: ".rbenv", versions: "versions", choice: "version", variable: "RBENV_ROOT"),
        VersionManager(
            name: "nodenv", home: ".nodenv", versions: "versions", choice: "version", variable: "NODENV_ROOT"),
        VersionManager(name: "goenv", home: ".goenv", versions: "versions", choice: "version", variable: "GOENV_ROOT"),
        VersionManager(
            name: "volta", home: ".volta", versions: "tools/image/*", choice: nil, variable: "VOLTA_HOME"),
        VersionManager(name: "asdf", home: ".asdf", versions: "installs/*", choice: nil, variable: "ASDF_DATA_DIR"),
        VersionManager(
            name: "mise", home: ".local/share/mise", versions: "installs/*", choice: nil, variable: "MISE_DATA_DIR"),
        VersionManager(
            name: "sdkman", home: ".sdkman", versions: "candidates/*", choice: nil, variable: "SDKMAN_DIR"),
    ]

    private static var files: FileManager { .default }

    /// Whether it keeps versions below `path`: it goes by the name of the folder and by what is in it.
    func manages(_ path: String) -> Bool {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let folder = versions.split(separator: "*").first.map(String.init) ?? ""
        return name.contains(self.name) && Self.files.fileExists(atPath: "\(path)/\(folder)")
    }

    /// The folders with the programs of the version in use: the one that is chosen or linked as `current`, else the newest.
    func programs(below path: String) -> [String] {
        let chosen = choice.flatMap { Self.files.contents(atPath: "\(path)/\($0)") }
            .flatMap { Self.version(in: String(decoding: $0.prefix(64 << 10), as: UTF8.self)) }
        return folders(below: path).compactMap { folder in
            let versions = Self.entries(folder).filter { Self.files.fileExists(atPath: "\(folder)/\($0)/bin") }
            return Self.pick(versions, chosen: chosen ?? "current").map { "\(folder)/\($0)/bin" }
        }
    }

    private func folders(below path: String) -> [String] {
        guard versions.hasSuffix("/*") else { return ["\(path)/\(versions)"] }
        let folder = "\(path)/\(versions.dropLast(2))"
        return Self.entries(folder).map { "\(folder)/\($0)" }
    }

    private static func entries(_ folder: String) -> [String] {
        ((try? files.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// The value of `default_toolchain = "…"`, else the first line.
    private static func version(in text: String) -> String? {
        if let match = text.firstMatch(of: /default_toolchain\s*=\s*"([^"\n]+)"/) { return String(match.1) }
        return text.split(whereSeparator: \.isNewline).first.map { String($0).trimmed }
    }

    /// The version that `chosen` names, wholly or by its beginning (`20` for `v20.1.0`); else the newest.
    static func pick(_ versions: [String], chosen: String?) -> String? {
        let newestFirst = versions.sorted { numbers($1).lexicographicallyPrecedes(numbers($0)) }
        guard let chosen, !chosen.isEmpty else { return newestFirst.first }
        let names = [chosen, "v\(chosen)"]
        return versions.first(where: names.contains)
            ?? newestFirst.first { version in names.contains { version.hasPrefix("\($0).") } } ?? newestFirst.first
    }

    /// The numbers in a name, by which versions are compared. What is no number of a version counts least.
    private static func numbers(_ name: String) -> [Int] {
        name.split { !("0"..."9").contains($0) }.map { Int($0) ?? 0 }
    }
}
