import ArgumentParser

/// `automata down`
struct DownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Ends what `automata up` started; the data stays.")

    @Flag(name: .long, help: "Remove the data too.") var purge = false

    func run() async throws {
        try await reporting {
            let paths = StackPaths.current
            let state = try StackState.load(paths)
            guard state != nil || purge else {
                throw Failure("no stack is running in \(paths.root)", Exit.notFound)
            }
            if let state { await Stack(paths: paths, programs: "").stop(state) }
            if purge { paths.remove() }
            Output.line("ended")
        }
    }
}
