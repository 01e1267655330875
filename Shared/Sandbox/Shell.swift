import FoundationEssentials

/// The shell that runs what people and models write: one for the model's tool and for validation, so that what passed
/// there passes here.
package enum Shell {
    /// Where bash is; `nil` on a host without one, whose `/bin/sh` then takes its place.
    package static let bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"]
        .first(where: FileManager.default.isExecutableFile)

    /// The program and arguments that run `script`: neither a login shell nor an interactive one, so that no file of the
    /// host takes part. A pipe fails where any of its programs does.
    package static func arguments(_ script: String) -> [String] {
        bash.map { [$0, "-o", "pipefail", "-c", script] } ?? ["/bin/sh", "-c", script]
    }

    /// What an exit code means that says little by itself; `nil` for every other.
    package static func meaning(of exitCode: Int32) -> String? {
        guard exitCode == 128 + 13, bash != nil else { return nil }
        return "a program of a pipe wrote to one that had ended already, as before `| head`: the shell runs with "
            + "pipefail"
    }
}
