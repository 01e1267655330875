import Foundations

/// A file that names the exact packages of a project, and how they are installed so that nothing of them runs. A new one
/// is a row.
package struct LockFile: Sendable {
    /// Its names; a star stands for any text.
    let names: [String]
    /// What the installer reads beside it, or below it in projects of several: data, of which nothing is run.
    let companions: [String]
    /// The command that installs what a file of this name in the current folder names; `nil` where it would run what the
    /// file chooses.
    let install: (@Sendable (_ name: String) -> String)?
    /// Whether a content of it names plain packages alone, which the installer does not build.
    private let check: @Sendable ([UInt8]) -> Bool

    init(
        _ names: String..., with companions: [String] = [],
        isPlain check: @escaping @Sendable ([UInt8]) -> Bool = { _ in true },
        install: (@Sendable (_ name: String) -> String)?
    ) {
        self.names = names
        self.companions = companions
        self.check = check
        self.install = install
    }

    package static let all: [LockFile] = [
        LockFile("package-lock.json", "npm-shrinkwrap.json", with: ["package.json"], isPlain: holdsNoRepository) { _ in
            "npm ci --ignore-scripts --no-audit --no-fund"
        },
        LockFile("pnpm-lock.yaml", with: ["package.json"], isPlain: holdsNoRepository) { _ in
            "COREPACK_ENABLE_PROJECT_SPEC=0 pnpm install --frozen-lockfile --ignore-scripts --ignore-pnpmfile"
        },
        LockFile("yarn.lock", with: ["package.json"], isPlain: holdsNoRepository) { _ in
            "export COREPACK_ENABLE_PROJECT_SPEC=0; if grep -q '^__metadata' yarn.lock; then yarn install --immutable --mode=skip-build; "
                + "else yarn install --frozen-lockfile --ignore-scripts; fi"
        },
        LockFile("requirements*.txt", isPlain: Requirements.arePlain) { name in
            "python3 -m pip install --only-binary=:all: -r \(quoted("./\(name)"))"
        },
        LockFile("uv.lock", with: ["pyproject.toml"]) { _ in
            "UV_PYTHON_DOWNLOADS=never uv sync --frozen --no-build --no-install-project"
        },
        LockFile("Cargo.lock", with: ["Cargo.toml"]) { _ in "cargo fetch --locked" },
        LockFile("go.sum", with: ["go.mod"]) { _ in "GOTOOLCHAIN=local GOVCS='*:off' GOFLAGS=-mod=mod go mod download"
        },
        LockFile("composer.lock", with: ["composer.json"]) { _ in
            "composer install --no-interaction --no-scripts --no-plugins"
        },
        // Their installers run what the project or a package says, whatever they are told.
        LockFile(
            "poetry.lock", "Pipfile.lock", "pdm.lock", "bun.lock", "bun.lockb", "deno.lock", "Gemfile.lock", "mix.lock",
            "rebar.lock", "Package.resolved", "gradle.lockfile", "packages.lock.json", "pubspec.lock", "Podfile.lock",
            "conan.lock", "flake.lock", install: nil),
    ]

    /// Further files that say what is installed and how: another one is another setup.
    private static let manifests = [
        ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "pnpm-workspace.yaml", "lerna.json", "setup.py",
        "setup.cfg", "constraints*.txt", "Pipfile", "environment.yml", "tox.ini", "Gemfile", "*.gemspec", "mix.exs",
        "Package.swift", "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts",
        "libs.versions.toml", "*.csproj", "*.fsproj", "Directory.Packages.props", "nuget.config", "deno.json",
        "pubspec.yaml", "rust-toolchain", "rust-toolchain.toml", ".tool-versions", ".nvmrc", ".python-version",
        "go.work", "go.work.sum",
    ]

    /// The row of a path; `nil` for what is no lock file of the project's own.
    package static func row(of path: String) -> LockFile? {
        guard !ForeignFolders.hold(path) else { return nil }
        let name = name(of: path)
        return all.first { row in row.names.contains { matches(name, $0) } }
    }

    /// Whether a file at `path` is part of what makes two setups the same.
    package static func counts(_ path: String) -> Bool {
        guard !ForeignFolders.hold(path) else { return false }
        let name = name(of: path)
        return (all.flatMap { $0.names + $0.companions } + manifests).contains { matches(name, $0) }
    }

    /// The command that installs what the lock file at `path` names, to be run in the root; `nil` where that would run
    /// what the content says.
    package func command(for path: String, holding content: [UInt8]) -> String? {
        guard let install, check(content) else { return nil }
        let command = install(Self.name(of: path))
        let folder = Self.folder(of: path)
        return folder.isEmpty ? command : "cd \(Self.quoted("./\(folder)")) && { \(command); }"
    }

    /// Whether the installer of the lock file at `lock` also reads the file at `path`.
    package func accompanies(_ path: String, of lock: String) -> Bool {
        let folder = Self.folder(of: lock)
        return (folder.isEmpty || path.hasPrefix("\(folder)/")) && companions.contains(Self.name(of: path))
            && !ForeignFolders.hold(path)
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// `pattern` holds one star at most.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return name == pattern }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return name.utf8.count >= head.utf8.count + tail.utf8.count && name.hasPrefix(head) && name.hasSuffix(tail)
    }

    /// A package of a repository is built on its way, by what its own files say.
    @Sendable private static func holdsNoRepository(_ content: [UInt8]) -> Bool {
        !["git+", "git:", "git@", "github:", "gitlab:", "bitbucket:", ".git#", "type: git"].contains { mark in
            content.firstRange(of: Array(mark.utf8)) != nil
        }
    }

    /// `text` as one word of the shell.
    package static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}

/// Requirements of pip.
private enum Requirements {
    private static let longestLine = 8192

    /// Whether all are packages by name and version: no address, no path, no option but hashes, no other file.
    @Sendable static func arePlain(_ content: [UInt8]) -> Bool {
        let text = String(decoding: content, as: UTF8.self)
        let requirement =
            /[A-Za-z0-9][A-Za-z0-9._\-]* *(\[[A-Za-z0-9._, \-]*\])? *((===|==|~=|!=|<=|>=|<|>) *[A-Za-z0-9.*+!_\-]+ *,? *)*(;[^@\/\-]*)?( *--hash=sha(256|384|512):[0-9a-f]+)*/
        let lines = text.replacing("\\\r\n", with: " ").replacing("\\\n", with: " ").split(whereSeparator: \.isNewline)
        return lines.allSatisfy { line in
            let line = String(line.prefix { $0 != "#" }).replacing("\t", with: " ").trimmed
            return line.isEmpty || line.utf8.count <= longestLine && line.wholeMatch(of: requirement) != nil
        }
    }
}
