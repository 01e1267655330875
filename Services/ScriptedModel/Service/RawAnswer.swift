import Foundation
import Foundations

/// An answer byte for byte, as no well-behaved provider gives it.
package struct RawAnswer: Sendable, Decodable, Equatable {
    /// A part of the body, sent in an HTTP chunk of its own.
    package enum Part: Sendable, Equatable {
        /// Bytes as they are.
        case bytes(Data)
        /// Text with its placeholders filled, and else as it is.
        case text(String)
        /// `data:` with a text or the text of a JSON value, and the line breaks that end an event.
        case event(JSONValue)
        /// Nothing for so many milliseconds.
        case pause(Int)
        /// The connection is closed without an end of the body.
        case cut
        /// Nothing more comes, and the connection stays open.
        case stall
    }

    package var status = 200
    /// `Content-Type` is `text/event-stream` unless it is given here; an empty value leaves a header out.
    package var headers: [String: String] = [:]
    package var body: [Part]
    /// What ends an event of ``Part/event(_:)``.
    package var eventEnd = "\n\n"

    enum CodingKeys: String, CodingKey, CaseIterable {
        case status, headers, body
        case eventEnd = "event_end"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        status = try values.decodeIfPresent(Int.self, forKey: .status) ?? 200
        guard (100...999).contains(status) else {
            throw ScriptError("status: expected 100 to 999", at: decoder.codingPath)
        }
        let headers = try values.decodeIfPresent([String: JSONValue].self, forKey: .headers) ?? [:]
        self.headers = try headers.mapValues { try $0.stringValue ?? $0.text() }
        eventEnd = try values.decodeIfPresent(String.self, forKey: .eventEnd) ?? "\n\n"
        switch try values.decodeIfPresent(JSONValue.self, forKey: .body) {
        case .string(let text)?: body = [.text(text)]
        case nil, .null?: body = []
        default: body = try values.decode([Part].self, forKey: .body)
        }
    }

    /// The answer as it is sent.
    func reply(_ placeholders: Placeholders) throws(ScriptError) -> ScriptedReply {
        var reply = ScriptedReply(status: status, headers: headers, pieces: [], kind: "raw \(status)")
        if !headers.keys.contains(where: { $0.lowercased() == "content-type" }) {
            reply.headers["Content-Type"] = "text/event-stream"
        }
        reply.headers = reply.headers.filter { !$0.value.isEmpty }
        for part in body {
            switch part {
            case .bytes(let bytes): reply.pieces.append(bytes)
            case .text(let text): reply.pieces.append(Data(try placeholders.fill(text).utf8))
            case .event(let value): reply.pieces.append(Data(try event(value, placeholders).utf8))
            case .pause(let milliseconds): reply.pauses[reply.pieces.count, default: 0] += milliseconds
            case .cut: reply.ending = .cut
            case .stall: reply.ending = .stalled
            }
        }
        if reply.pieces.isEmpty { reply.pieces = [Data()] }
        return reply
    }

    private func event(_ value: JSONValue, _ placeholders: Placeholders) throws(ScriptError) -> String {
        let filled = try placeholders.fill(value)
        do { return "data: \(try filled.stringValue ?? filled.text())\(eventEnd)" } catch {
            throw ScriptError("an event has no JSON form: \(error)")
        }
    }
}

extension RawAnswer.Part: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case base64, data, cut, stall
        case pause = "pause_ms"
    }

    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
            return
        }
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        if let text = try values.decodeIfPresent(String.self, forKey: .base64) {
            guard let bytes = Data(base64Encoded: text) else {
                throw ScriptError("base64: expected base64", at: decoder.codingPath)
            }
            self = .bytes(bytes)
        } else if values.contains(.data) {
            self = .event(try values.decode(JSONValue.self, forKey: .data))
        } else if let milliseconds = try values.decodeIfPresent(Int.self, forKey: .pause) {
            guard (0...86_400_000).contains(milliseconds) else {
                throw ScriptError("pause_ms: expected 0 to 86400000", at: decoder.codingPath)
            }
            self = .pause(milliseconds)
        } else if try values.decodeIfPresent(Bool.self, forKey: .cut) == true {
            self = .cut
        } else if try values.decodeIfPresent(Bool.self, forKey: .stall) == true {
            self = .stall
        } else {
            throw ScriptError("a part needs base64, data, pause_ms, cut or stall", at: decoder.codingPath)
        }
    }
}
