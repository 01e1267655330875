/// Where the commands of a setup, and those that use what it installed, find things in the sandbox.
package enum SetupPlaces {
    /// What a setup installed beside the work tree; read-only but for the setup itself.
    package static let root = "/setup"
    /// The home of the setup's commands.
    package static let home = "/setup/home"
    /// Where a setup finds one that it goes on from.
    package static let earlier = "/run/earlier"
    /// The socket of the proxy.
    package static let socket = "/run/proxy"
    /// The program that forwards connections to it.
    package static let forwarder = "/run/forwarder"

    /// Where programs are looked up first.
    package static let searchPath = ["bin", ".local/bin", ".cargo/bin", "go/bin", ".dotnet/tools"].map {
        "\(home)/\($0)"
    }

    /// What leads tools to the folders in which they keep what they install. A new tool is a row.
    private static let folders = [
        "BUNDLE_PATH": ".bundle/gems",
        "CARGO_HOME": ".cargo",
        "COMPOSER_HOME": ".composer",
        "DENO_DIR": ".deno",
        "GOMODCACHE": "go/pkg/mod",
        "GRADLE_USER_HOME": ".gradle",
        "HEX_HOME": ".hex",
        "MIX_HOME": ".mix",
        "NUGET_PACKAGES": ".nuget/packages",
        "PLAYWRIGHT_BROWSERS_PATH": ".playwright",
        "PYTHONUSERBASE": ".local",
    ]
    /// Of those, what has to be writable when it is used.
    private static let written: Set = ["COMPOSER_HOME", "GRADLE_USER_HOME"]

    private static let common = folders.mapValues { "\(home)/\($0)" }.merging(
        // Debian keeps pip out of what it manages itself, and takes a home for a part of that.
        ["PIP_BREAK_SYSTEM_PACKAGES": "1"]
    ) { first, _ in first }

    /// The variables of the commands that install.
    package static let installing: [String: String] = {
        let proxy = "http://127.0.0.1:\(Forwarder.port)"
        let variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        let java = ["http", "https"].map { "-D\($0).proxyHost=127.0.0.1 -D\($0).proxyPort=\(Forwarder.port)" }
        var environment = common
        environment["HOME"] = home
        environment["JAVA_TOOL_OPTIONS"] = java.joined(separator: " ")
        for name in variables { (environment[name], environment[name.lowercased()]) = (proxy, proxy) }
        return environment
    }()

    /// The variables of the commands that use what was installed, without network.
    package static let using: [String: String] = common.filter { !written.contains($0.key) }.merging([
        "CARGO_NET_OFFLINE": "true",
        "GOPROXY": "off",
        "GRADLE_RO_DEP_CACHE": "\(home)/.gradle/caches",
        "MAVEN_ARGS": "--offline -Dmaven.repo.local=\(home)/.m2/repository",
        "PIP_NO_INDEX": "1",
    ]) { first, _ in first }
}
