/// What a command that ran left behind.
package struct CommandOutcome: Sendable, Hashable {
    /// Why the sandbox ended a command before its time.
    package enum Interruption: String, Sendable, Codable {
        case timeout
        /// It wrote more output than ``SandboxLimits/outputBytes``.
        case outputLimit = "output_limit"
        /// Its work tree grew beyond ``SandboxLimits/workTreeBytes`` or ``SandboxLimits/workTreeEntries``.
        case diskLimit = "disk_limit"
        /// Its processes used more memory than ``SandboxLimits/memoryBytes``.
        case memoryLimit = "memory_limit"
    }

    /// The command's own exit code; 124 after a timeout, 128 + signal when a signal ended it.
    package let exitCode: Int32
    /// Standard output and standard error in the order they came: the beginning and the end, and between them a note
    /// of how much was cut. Bytes that are not UTF-8 are replaced. Of a command that failed for
    /// want of a program that this host has, or of a network, a line of the sandbox says so at the end.
    package let output: String
    /// Bytes of output that are not in ``output``.
    package let truncatedBytes: Int
    /// Set when the sandbox ended the command.
    package internal(set) var interruption: Interruption?
    /// Wall time, the sandbox's own start included.
    package let duration: Duration

    package init(
        exitCode: Int32, output: String, truncatedBytes: Int = 0, interruption: Interruption? = nil,
        duration: Duration = .zero
    ) {
        self.exitCode = exitCode
        self.output = output
        self.truncatedBytes = truncatedBytes
        self.interruption = interruption
        self.duration = duration
    }

    /// The same with a last line about it that no command wrote.
    func noting(_ note: String) -> CommandOutcome {
        let separator = output.isEmpty || output.hasSuffix("\n") ? "" : "\n"
        return CommandOutcome(
            exitCode: exitCode, output: "\(output)\(separator)\(note)\n", truncatedBytes: truncatedBytes,
            interruption: interruption, duration: duration)
    }

    package var timedOut: Bool { interruption == .timeout }
    package var succeeded: Bool { exitCode == 0 && interruption == nil }
}
