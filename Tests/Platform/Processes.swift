import Foundation

/// The processes of this machine, as `ps` shows them.
package enum Processes {
    /// The command line of every process, by its id.
    package static func commandLines() -> [Int32: String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return Dictionary(
            uniqueKeysWithValues: entries.compactMap { Int32($0) }.compactMap { id in
                FileManager.default.contents(atPath: "/proc/\(id)/cmdline").map { bytes in
                    (id, String(decoding: bytes, as: UTF8.self).replacing("\0", with: " "))
                }
            })
    }

    /// The processes whose command line holds `text`.
    package static func holding(_ text: String) -> [Int32] {
        commandLines().filter { $0.value.contains(text) }.map(\.key)
    }

    /// The ids of the children of a process.
    package static func children(of parent: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
        return threads.flatMap { thread in
            let text = FileManager.default.contents(atPath: "/proc/\(parent)/task/\(thread)/children") ?? Data()
            return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        }
    }
}
