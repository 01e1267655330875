import ArgumentParser
import Foundation
import Foundations

/// Measures the executables that stand beside it, from outside.
@main
struct BenchmarksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks", abstract: "Measures the executables as they ship, from outside.",
        discussion: """
            Each figure is a line of JSON on standard output as soon as it is known, with a yardstick of the same run \
            where there is one; a table of all follows. Latency counts in wall time: nothing else should run.

            Benchmarks:

            \(Benchmark.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            Variables of the environment:

            \(Size.all.map { "  \($0.variable): \($0.meaning) (\($0.usual))" }.joined(separator: "\n"))
              BENCH_OUT: a file that gets the lines of JSON
              BENCH_BASE: such a file of an earlier run, to compare with
            """)

    @Argument(help: "Which to run; all by default.")
    var names: [String] = []

    func validate() throws {
        for name in names where Benchmark.named(name) == nil {
            let known = Benchmark.all.map(\.name).joined(separator: ", ")
            throw ValidationError("no benchmark is called \(name); there are \(known)")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let base = try environment["BENCH_BASE"].flatMap { $0.isEmpty ? nil : try Figure.read($0) } ?? [:]
        var (figures, failed): ([Figure], [String]) = ([], [])
        for benchmark in names.isEmpty ? Benchmark.all : names.compactMap(Benchmark.named) {
            do {
                let found = try await benchmark.run()
                Self.say(try Self.lines(found))
                figures += found
            } catch {
                failed.append(benchmark.name)
                FileHandle.standardError.write(Data("\(benchmark.name): \(error)\n".utf8))
            }
            if let path = environment["BENCH_OUT"], !path.isEmpty {
                try Data(try Self.lines(figures).utf8).write(to: URL(fileURLWithPath: path))
            }
        }
        Self.say("\n\(FigureTable(figures, base: base).text)\n")
        if !failed.isEmpty { throw ExitCode.failure }
    }

    private static func lines(_ figures: [Figure]) throws -> String {
        try figures.map { String(decoding: try JSON.encode($0), as: UTF8.self) + "\n" }.joined()
    }

    /// At once, also into a pipe.
    private static func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
