import Contracts
import FoundationEssentials
import Foundations

/// Why a request was not fulfilled, as clients are told: a problem document (RFC 9457).
package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    package let status: Int
    /// For programs: a code of the bus where there is one, such as `not_found`.
    package let code: String
    /// For people.
    package let detail: String
    var headers: [String: String] = [:]

    init(_ status: Int, _ code: String, _ detail: String, headers: [String: String] = [:]) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
    }

    package var description: String { "\(code): \(detail)" }

    static let mediaType = "application/problem+json"

    var json: JSONValue {
        [
            "type": "about:blank", "title": .string(Self.titles[status] ?? "Error"), "status": .int(status),
            "code": .string(code), "detail": .string(detail),
        ]
    }

    var answer: Answer {
        let headers = self.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        return Answer(
            status, [("content-type", Self.mediaType)] + headers, body: (try? json.data()) ?? .init())
    }

    /// The names of the codes (RFC 9110, 15).
    static let titles = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        409: "Conflict", 413: "Content Too Large", 415: "Unsupported Media Type", 421: "Misdirected Request",
        422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error",
        503: "Service Unavailable",
    ]
}

extension Problem {
    static func malformed(_ detail: String) -> Problem { Problem(400, "invalid_request", detail) }

    static func refused(_ error: FieldError) -> Problem { Problem(422, "invalid_request", error.description) }

    static let unknownPath = Problem(404, "not_found", "there is nothing at this address")
    static let unknownTask = Problem(404, "not_found", "there is no such task")
    static let internalError = Problem(500, "internal_error", "the request could not be handled")

    static func forbidden(_ detail: String) -> Problem { Problem(403, "forbidden", detail) }

    static let unauthenticated = Problem(
        401, "unauthenticated", "this needs an access token", headers: ["www-authenticate": "Bearer"])

    static func unavailable(_ detail: String) -> Problem {
        Problem(503, "unavailable", detail, headers: ["retry-after": "1"])
    }

    static let noRoomForStreams = Problem.unavailable(
        "there are as many streams as there may be, or the server ends")

    static func tooLarge(_ limit: Int) -> Problem { Problem(413, "too_large", "larger than \(limit) bytes") }

    /// What the front door said by a code of the bus.
    init(code: String, message: String, retryAfter: Int? = nil) {
        let status = Self.statuses[code] ?? 422
        let wait = retryAfter ?? (status == 503 ? 1 : nil)
        self.init(status, code, message, headers: wait.map { ["retry-after": "\($0)"] } ?? [:])
    }

    /// What is not here was understood and is not to be done as it stands.
    private static let statuses = [
        "not_found": 404, "conflict": 409, "already_ended": 409, "not_possible": 409, "lease_lost": 409,
        "invalid_subject": 400, "forbidden": 403, "over_limit": 429, "unavailable": 503,
    ]
}
