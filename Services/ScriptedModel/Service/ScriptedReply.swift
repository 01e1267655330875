import Foundation
import Foundations

/// An answer of the server, before it is sent.
struct ScriptedReply: Sendable {
    /// How the body ends.
    enum Ending: Sendable {
        /// As it should.
        case whole
        /// The connection is closed after half of the body.
        case cut
        /// Nothing more comes after half of the body, and the connection stays open.
        case stalled
    }

    var status = 200
    var headers: [String: String] = [:]
    /// The pieces of the body; more than one are sent as a stream.
    var pieces: [Data]
    /// Milliseconds before the piece of a number, and before the end.
    var pauses: [Int: Int] = [:]
    var ending = Ending.whole
    /// What it is, for the witness log.
    var kind: String

    /// A JSON answer.
    static func json(_ value: JSONValue, status: Int = 200, kind: String) -> ScriptedReply {
        // A value of numbers and texts always has a JSON form, except for a number that is not finite.
        let body = (try? value.data()) ?? Data("null".utf8)
        return ScriptedReply(status: status, headers: ["Content-Type": "application/json"], pieces: [body], kind: kind)
    }

    /// An error in the shape of the OpenAI API.
    static func error(
        _ status: Int, _ message: String, type: String = "invalid_request_error", code: String? = nil, kind: String
    ) -> ScriptedReply {
        let code: JSONValue = code.map { .string($0) } ?? .null
        let error: JSONValue = ["message": .string(message), "type": .string(type), "param": nil, "code": code]
        return json(["error": error], status: status, kind: kind)
    }

    /// The list of models that `GET /v1/models` answers with.
    static func models(_ names: [String]) -> ScriptedReply {
        let list = names.map { name -> JSONValue in
            ["id": .string(name), "object": "model", "created": 0, "owned_by": "automata"]
        }
        return .json(["object": "list", "data": .array(list)], kind: "models")
    }

    /// The first half of this answer, ended by `ending`.
    func broken(_ ending: Ending) -> ScriptedReply {
        var reply = self
        reply.ending = ending
        if pieces.count > 1 {
            reply.pieces = Array(pieces.prefix(max(1, pieces.count / 2)))
        } else {
            reply.pieces = pieces.map { $0.prefix($0.count / 2) }
        }
        return reply
    }
}
