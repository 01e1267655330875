import ArgumentParser

/// What the tool exits with, besides 0. The numbers are those of `sysexits.h` where there is one.
enum Exit {
    static let failedTask = ExitCode(1)
    static let notFound = ExitCode(66)
    static let unreachable = ExitCode(69)
    static let refused = ExitCode(75)
    static let settings = ExitCode(78)
}
