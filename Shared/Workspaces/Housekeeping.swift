import FoundationEssentials
import Foundations
import Git
import Logging
import ServiceKit
import ServiceLifecycle
import Worker

/// Keeps the disk of this host tidy: work trees of processes that died go, mirrors and setups stay within a size and an
/// age.
package struct Housekeeping: Service {
    private static let interval: Duration = .seconds(600)
    private static let mirrorBytes = 20 << 30
    private static let setupBytes = 20 << 30
    private static let age: Duration = .seconds(30 * 86_400)

    private let service: ServiceContext

    package init(_ service: ServiceContext) { self.service = service }

    package func run() async throws {
        let home = service.settings.home
        let lock = try WorkFolders.hold(home, owner: service.owner.text)
        await Periodic.run(every: Self.interval, "housekeeping", service.logger) { [logger = service.logger] in
            let (abandoned, failures) = try await WorkFolders.removeAbandoned(home)
            for error in failures {
                logger.warning("a work folder cannot be removed", metadata: ["error": "\(error)"])
            }
            let mirrors = try await MirrorStore(home: home).sweep(maxBytes: Self.mirrorBytes, maxAge: Self.age)
            let setups = try await SetupStore(home: home).sweep(maxBytes: Self.setupBytes, maxAge: Self.age)
            guard abandoned + mirrors + setups > 0 else { return }
            logger.info(
                "tidied up",
                metadata: ["work_folders": "\(abandoned)", "mirrors": "\(mirrors)", "setups": "\(setups)"])
        }
        try? await WorkFolders.remove(home, owner: service.owner.text)
        withExtendedLifetime(lock) {}
    }
}
