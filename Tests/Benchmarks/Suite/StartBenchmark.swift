import Contracts
import Foundation
import Foundations
import PlatformSupport
import TestSupport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension Benchmark {
    /// Beside replicas that run already, as when one more is started.
    static let start = Benchmark("start", "from the start of one more replica until /readyz says that it is ready") {
        try await Installation.with { installation in
            let program = try await Samples.measure(Size.starts.value) { _ in
                try await ServerProcess(["true"]).waitForExit()
            }
            let yardstick = Yardstick(what: "start of `true`", value: program.p50)
            var figures: [Figure] = []
            for kind in ServiceKind.allCases {
                // The first warms what only this process needs for a request.
                let samples = try await times(of: kind, installation.platform, count: Size.starts.value + 1)
                let middle = Samples(Array(samples.dropFirst())).p50
                figures.append(Figure("start.\(kind.rawValue)", middle, "ms", beside: yardstick))
            }
            return figures
        }
    }

    private static func times(of kind: ServiceKind, _ platform: Platform, count: Int) async throws -> [Double] {
        var times: [Double] = []
        for round in 1...count {
            let start = ContinuousClock.now
            let service = try await platform.start(kind, name: "\(kind.rawValue)-start-\(round)")
            try await eventually("\(service.healthURL) is ready") { try await isReady(service) }
            times.append((ContinuousClock.now - start).seconds * 1000)
            try await service.process.stop()
        }
        return times
    }

    private static func isReady(_ service: RunningService) async throws -> Bool {
        guard let url = URL(string: service.healthURL + "/readyz") else { return false }
        let (_, response) = try await URLSession.shared.data(from: url)
        return (response as? HTTPURLResponse)?.statusCode == 200
    }
}
