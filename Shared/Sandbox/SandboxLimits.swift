/// What one command may use. Limits of the kernel (`setrlimit`) hold for each process, the others for the command.
/// Address space is not limited: sanitizers and virtual machines reserve terabytes of it and use little.
package struct SandboxLimits: Sendable, Hashable {
    /// Memory that all processes together have in use, in bytes. What the sandbox allows at most holds as well.
    package var memoryBytes: Int
    /// Processes and threads of the sandbox (`RLIMIT_NPROC`).
    package var processes: Int
    /// The largest file that may be written, in bytes (`RLIMIT_FSIZE`).
    package var fileBytes: Int
    /// Open files of a process (`RLIMIT_NOFILE`).
    package var openFiles: Int
    /// Processor time of a process in seconds (`RLIMIT_CPU`).
    package var cpuSeconds: Int
    /// What the whole work tree may hold, in bytes. It is looked at once a second while the command runs.
    package var workTreeBytes: Int
    /// Files and folders that the work tree may hold.
    package var workTreeEntries: Int
    /// The private `/tmp`, which is memory, in bytes.
    package var temporaryBytes: Int
    /// Output after which the command is killed, in bytes.
    package var outputBytes: Int
    /// How much of the beginning and how much of the end of the output is kept, in bytes each.
    package var keptOutputBytes: Int

    package init(
        memoryBytes: Int = .max, processes: Int = 512, fileBytes: Int = 1 << 30, openFiles: Int = 4096,
        cpuSeconds: Int = 3600, workTreeBytes: Int = 2 << 30, workTreeEntries: Int = 1_000_000,
        temporaryBytes: Int = 512 << 20, outputBytes: Int = 64 << 20, keptOutputBytes: Int = 16 << 10
    ) {
        self.memoryBytes = memoryBytes
        self.processes = processes
        self.fileBytes = fileBytes
        self.openFiles = openFiles
        self.cpuSeconds = cpuSeconds
        self.workTreeBytes = workTreeBytes
        self.workTreeEntries = workTreeEntries
        self.temporaryBytes = temporaryBytes
        self.outputBytes = outputBytes
        self.keptOutputBytes = keptOutputBytes
    }
}
