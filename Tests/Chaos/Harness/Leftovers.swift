import Foundation
import PlatformSupport
import TestSupport

/// What work that has ended may not leave behind.
enum Leftovers {
    /// Waits a moment for what is just being cleared away, and tells what is left then.
    static func find(_ installation: Installation) async -> [String] {
        try? await eventually("nothing is left", within: .seconds(15)) { look(installation).isEmpty }
        return look(installation)
    }

    private static func look(_ installation: Installation) -> [String] {
        let lines = Processes.commandLines()
        let commands = lines.filter { $0.value.contains(installation.marker) }
        let children = installation.supervisor.running.compactMap(\.process.processID).flatMap(Processes.children)
            .reduce(into: [Int32: String]()) { $0[$1] = lines[$1] ?? "" }
        return commands.merging(children) { $1 }.map { "process \($0.key) runs: \($0.value.prefix(160))" }.sorted()
            + folders(installation)
    }

    /// Folders of tasks: `worktrees/{process}/{task}`.
    private static func folders(_ installation: Installation) -> [String] {
        let files = FileManager.default
        return Set(installation.platform.services.elements.map { "\($0.home)/worktrees" }).sorted().flatMap { root in
            ((try? files.contentsOfDirectory(atPath: root)) ?? []).flatMap { owner in
                ((try? files.contentsOfDirectory(atPath: "\(root)/\(owner)")) ?? []).map {
                    "folder \(root)/\(owner)/\($0)"
                }
            }
        }
    }
}
