import PlatformSupport
import TestSupport

extension Installation {
    /// Asks every service to end, and tells those that take more than ten seconds or end with an error.
    func endServices() async -> [String] {
        await withTaskGroup(of: String?.self) { group in
            for service in platform.services.elements where service.process.isRunning {
                group.addTask { await Self.end(service.process, service.log) }
            }
            return await group.reduce(into: [String]()) { if let line = $1 { $0.append(line) } }.sorted()
        }
    }

    /// Ends a service in good order; `nil` if it did as it should.
    static func end(_ process: ServerProcess, _ name: String) async -> String? {
        let start = ContinuousClock.now
        do {
            let status = try await process.stop(grace: .seconds(20))
            let took = ContinuousClock.now - start
            guard status != 0 || took > .seconds(11) else { return nil }
            let last = process.output.elements.suffix(6).joined(separator: "\n    ")
            return "\(name) ended with \(status) after \(took):\n    \(last)"
        } catch {
            return "\(name) did not end: \(error)"
        }
    }
}
