import Foundation
import Testing

extension Chaos {
    /// Whatever the speed of the machine: the small companies' tasks, which come last, are through before half of the
    /// noisy one's are.
    @Test func `one noisy company does not delay twenty small ones`() async throws {
        let noisy = Load(name: "noisy", parts: [.steady], companies: ["noisy"], duration: .seconds(1), count: 40)
        let small = (1...20).map { number in
            Load(
                name: "small\(number)-", parts: [.steady], companies: ["small\(number)"], start: .seconds(2),
                duration: .seconds(1), count: 1)
        }
        try await Chaos.run(.new(environment: ["WORKER_CONCURRENCY": "2"])) {
            $0.loads = [noisy] + small
            $0.families.count = 0
        } under: { _ in
            NoFault()
        } and: { testimony in
            let ends = testimony.record.tasks.sorted { $0.finished < $1.finished }.map(\.task)
            let last = ends.lastIndex { $0.contains("-small") } ?? 0
            let before = ends[..<last].count { $0.contains("-noisy") }
            print("chaos noisy company: \(before) of 40 tasks of the noisy company ended before the last small one")
            #expect(before <= 20)
        }
    }
}
