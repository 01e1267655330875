/// Waits until something is true that nothing tells of: a row that is updated after its event left, or a process gone.
package func eventually(
    _ what: String, within duration: Duration = Deadline.usual, _ isTrue: @escaping @Sendable () async throws -> Bool
) async throws {
    try await Deadline.limit(what, within: duration) {
        while try await !isTrue() { try await Deadline.elapse(.milliseconds(10)) }
    }
}
