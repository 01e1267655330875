import Contracts
import Foundation
import Foundations
import Testing

/// A message, the file that holds it, and how it is read back.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    /// The file's name without `.json`.
    let name: String
    /// What the sample value encodes to.
    let encoded: JSONValue
    /// Decodes a message and encodes it again.
    let recode: @Sendable (Data) throws -> JSONValue

    var testDescription: String { name }

    /// The file's text as it must be: pretty, keys sorted.
    func text() throws -> String { try Self.pretty(encoded) }

    static func pretty(_ value: JSONValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// The bytes of a golden file.
    static func file(_ name: String) throws -> Data {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"))
        return try Data(contentsOf: url)
    }

    static func all() throws -> [GoldenCase] { try requests() + control() + catalogue() + events() + others() }

    private static func codable<T: Codable & Sendable>(_ name: String, _ value: T) throws -> GoldenCase {
        GoldenCase(name: name, encoded: try JSONValue(encoding: value)) {
            try JSONValue(encoding: try JSON.decode(T.self, from: $0))
        }
    }

    private static func request(_ name: String, _ request: TaskRequest) -> GoldenCase {
        GoldenCase(name: name, encoded: request.json) { try TaskRequest(decoding: $0).json }
    }

    private static func requests() -> [GoldenCase] {
        Sample.credentials.map { request("task_request_\($0.name)", Sample.request($0.value)) }
            + [request("task_request_defaults", Sample.minimalRequest)]
    }

    private static func control() -> [GoldenCase] {
        let controls: [(String, ControlRequest)] = [
            ("cancel", .cancel), ("pause", .pause), ("resume", .resume), ("approve", .approve), ("reject", .reject),
            ("retry", .retry), ("steer", .steer(message: "Use the \"old\" API")),
            ("raise_budget", .raiseBudget(maxCostUSD: 7.5)),
            ("replay_webhook", .replayWebhook(id: "01939b1e-3c00-7000-8000-000000000117")),
        ]
        let replies: [(String, Reply)] = [
            ("ok", .ok(["workflow_id": .string(Sample.workflowID)])),
            ("error", .error(code: "not_found", message: "no such workflow")),
            ("over_limit", .error(code: "over_limit", message: "as many tasks wait as may", retryAfter: 30)),
        ]
        return controls.map { name, value in
            GoldenCase(name: "control_\(name)", encoded: value.json) { try ControlRequest(decoding: $0).json }
        }
            + Sample.operations.map { name, value in
                GoldenCase(name: "operation_\(name)", encoded: value.json) { try OperationRequest(decoding: $0).json }
            }
            + replies.map { name, value in
                GoldenCase(name: "reply_\(name)", encoded: value.json) { try Reply(decoding: $0).json }
            }
    }

    private static func catalogue() throws -> [GoldenCase] {
        let specs: [any CatalogueSpec] = [
            try Sample.project, Sample.settings, LimitsSpec(maxRunning: 20, maxWaiting: 200),
        ]
        let definitions = specs.map { spec in
            let kind = type(of: spec)
            return GoldenCase(name: "define_\(kind.kind)", encoded: DefineRequest(kind.kind, spec.json).json) {
                let request = try DefineRequest(decoding: $0)
                let level = CataloguePlace.Level.allCases.filter(kind.levels.contains)
                let place = try kind.place(level == [.project] ? Sample.projectPlace : Sample.platformPlace)
                return DefineRequest(
                    request.kind, try kind.init(FieldReader(request.spec), at: place).json
                ).json
            }
        }
        return definitions + [
            GoldenCase(name: "describe_request", encoded: DescribeRequest("project", version: 2).json) {
                try DescribeRequest(decoding: $0).json
            },
            try codable(
                "catalogue_description",
                CatalogueDescription(kind: "limits", name: "acme", version: 3, spec: ["max_running": 20])),
            GoldenCase(name: "list_request", encoded: ListRequest("project", filter: ["status": "active"]).json) {
                try ListRequest(decoding: $0).json
            },
            GoldenCase(name: "remove_request", encoded: RemoveRequest("project").json) {
                try RemoveRequest(decoding: $0).json
            },
        ]
    }

    private static func events() throws -> [GoldenCase] {
        let drafts =
            try Sample.details.map { try draft($0) }
            + [EventDraft(ending: Sample.result), EventDraft(ending: Sample.failure)]
            + Sample.detailsOfChildren.map { try draft($0) } + Sample.detailsOfOperation.map { try draft($0) }
        return try drafts.enumerated().map { index, draft in
            let event = Event(
                eventID: "01939b1e-3c00-7000-8000-0000000001\(String(format: "%02d", index + 1))", seq: index + 1,
                workflowID: Sample.workflowID, address: Sample.address, type: draft.type, message: draft.message,
                details: draft.details, timestamp: Sample.time)
            return try codable("event_\(draft.type.rawValue)", event)
        }
    }

    private static func draft(_ details: some EventDetails) throws -> EventDraft { try EventDraft(details) }

    private static func others() throws -> [GoldenCase] {
        var ended = Sample.snapshot
        ended.status = .ended(.completed)
        ended.stage = .push
        ended.progress = 100
        (ended.claimedAt, ended.claimedBy) = (nil, nil)
        ended.finishedAt = Sample.time + 900
        ended.result = try JSONValue(encoding: Sample.result)
        var running = Sample.snapshot
        running.result = try Sample.soFar.soFar(.running)
        return [
            try codable("result_completed", Sample.result),
            try codable("result_failed", Sample.failure),
            try codable("status_running", running),
            try codable("status_ended", ended),
            try codable(
                "stage_request",
                StageRequest(workflowID: Sample.workflowID, address: Sample.address, stage: .validation, round: 1)),
            try codable(
                "evidence",
                Evidence(
                    workflowID: Sample.workflowID, baseCommit: Sample.base, tree: Sample.tree, success: true,
                    requested: ["make test"], commands: ["make test"], exitCodes: [0])),
            GoldenCase(
                name: "query_events",
                encoded: QueryRequest("events", filter: ["since": 3], limit: 50, cursor: "60").json
            ) {
                try QueryRequest(decoding: $0).json
            },
            GoldenCase(name: "diff_request", encoded: DiffRequest(head: Sample.commit, offset: 131_072).json) {
                try DiffRequest(decoding: $0).json
            },
            try codable("objects_request", ObjectsRequest(want: Sample.commit, have: [Sample.base])),
            try codable(
                "webhook_completed",
                WebhookPayload(timestamp: Timestamp.text(Sample.time), data: Sample.result)),
            try codable(
                "webhook_failed", WebhookPayload(timestamp: Timestamp.text(Sample.time), data: Sample.failure)),
        ]
    }
}
