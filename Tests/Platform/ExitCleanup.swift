import Foundation
import Glibc
import Synchronization
import TestSupport

/// Ends and removes at the end of this process what lives as long as it does.
package enum ExitCleanup {
    private static let platforms = Mutex<[Platform]>([])

    /// Ends the processes of `platform` and removes its folders when this process ends.
    package static func add(_ platform: Platform) {
        let isFirst = platforms.withLock { platforms in
            platforms.append(platform)
            return platforms.count == 1
        }
        if isFirst { atexit { ExitCleanup.run() } }
    }

    private static func run() {
        for platform in platforms.withLock({ $0 }) {
            let processes = platform.services.elements.map(\.process.processID) + [platform.nats.processID]
            for process in processes.compactMap(\.self) { kill(process, SIGKILL) }
            for folder in [platform.folder, platform.nats.folder] {
                try? FileManager.default.removeItem(atPath: folder.path)
            }
        }
    }
}
