import Foundations
import TestSupport
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    @Test func `who comes while it is closed waits until it is open, all of them`() async throws {
        let (admission, entered) = (Admission(), Recorder<Int>())
        try await admission.opened()
        admission.set(isOpen: false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    try await admission.opened()
                    entered.record(number)
                }
            }
            for _ in 0..<100 { await Task.yield() }
            #expect(entered.count == 0 && !admission.isOpen)
            admission.set(isOpen: true)
            try await entered.wait(for: 3)
            try await group.waitForAll()
        }
        #expect(admission.isOpen)
    }

    @Test func `whoever is cancelled waits no longer`() async throws {
        let admission = Admission()
        admission.set(isOpen: false)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await admission.opened() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        // Its place among those that wait does no harm.
        admission.set(isOpen: true)
        await #expect(throws: Never.self) { try await admission.opened() }
    }
}
