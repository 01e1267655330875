import Contracts
import Foundations

/// Answers `status`.
package struct StatusDesk: Desk {
    package let type = RequestType.status
    private let record: any StatusRecord

    package init(_ record: any StatusRecord) { self.record = record }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        guard let snapshot = try await record.snapshot(address) else { return .notFound }
        return .ok(try JSONValue(encoding: snapshot).objectValue ?? [:])
    }
}
