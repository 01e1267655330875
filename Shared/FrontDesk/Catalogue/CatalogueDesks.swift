import Contracts
import Foundations

/// Answers `describe`.
package struct DescribeDesk: Desk {
    package let type = RequestType.describe
    private let record: any CatalogueRecord

    package init(_ record: any CatalogueRecord) { self.record = record }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        let request = try DescribeRequest(decoding: message.body)
        let kind = try Catalogue.kind(named: request.kind)
        let place = try kind.place(address)
        guard let description = try await record.describe(kind.kind, at: place, version: request.version) else {
            throw SubmissionRefusal.unknown(kind)
        }
        return .ok(try JSONValue(encoding: description).objectValue ?? [:])
    }
}

/// Answers `list`.
package struct ListDesk: Desk {
    package let type = RequestType.list
    private let record: any CatalogueRecord

    package init(_ record: any CatalogueRecord) { self.record = record }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        let request = try ListRequest(decoding: message.body)
        guard let scope = QueryScope(address) else { throw SubmissionRefusal.behindAll }
        let kind = try Catalogue.kind(named: request.query.what)
        return .ok(try await record.list(request.query, of: kind, in: scope).fields)
    }
}

/// Answers `remove`.
package struct RemoveDesk: Desk {
    package let type = RequestType.remove
    private let record: any CatalogueRecord
    private let outlet: any FrontDeskOutlet

    package init(_ record: any CatalogueRecord, outlet: any FrontDeskOutlet) {
        self.record = record
        self.outlet = outlet
    }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        let kind = try Catalogue.kind(named: try RemoveRequest(decoding: message.body).kind)
        let place = try kind.place(address)
        guard let version = try await record.remove(kind.kind, at: place) else {
            throw SubmissionRefusal.unknown(kind)
        }
        outlet.note(.removed(kind: kind.kind, place: place))
        if kind.isReadByReplicas { try? await outlet.wakeReplicas() }
        return .ok(["version": .int(version)])
    }
}

extension SubmissionRefusal {
    fileprivate static func unknown(_ kind: any CatalogueSpec.Type) -> SubmissionRefusal {
        SubmissionRefusal(code: "not_found", reason: "there is no such \(kind.kind)")
    }
}
