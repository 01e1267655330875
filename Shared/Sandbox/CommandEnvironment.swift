/// The environment of a command. Nothing of the service's own environment reaches it.
package enum CommandEnvironment {
    /// Keeps programs from asking, paging, colouring and drawing progress bars.
    static let quiet = [
        "CI": "true",
        "DEBIAN_FRONTEND": "noninteractive",
        "GH_PAGER": "cat",
        "GIT_EDITOR": "true",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LESS": "-R",
        // The search for leaks attaches to the program as a debugger does, which the filter of system calls refuses.
        "LSAN_OPTIONS": "detect_leaks=0",
        "MANPAGER": "cat",
        "NO_COLOR": "1",
        "PAGER": "cat",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_PROGRESS_BAR": "off",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TERM": "dumb",
        "TQDM_DISABLE": "1",
        "TZ": "UTC",
    ]

    /// The whole environment for commands that are looked up in `searchPath`.
    static func make(home: String, searchPath: [String], adding extra: [String: String]) -> [String: String] {
        var environment = quiet
        environment["HOME"] = home
        environment["USER"] = "agent"
        environment["LOGNAME"] = "agent"
        environment["TMPDIR"] = "/tmp"
        environment["PATH"] = searchPath.joined(separator: ":")
        return environment.merging(extra) { _, given in given }
    }
}
