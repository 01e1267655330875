import Foundation
import Foundations
import Yams

/// A script cannot be used, with the reason.
package struct ScriptError: Error, CustomStringConvertible {
    package let description: String

    init(_ message: String, at path: [any CodingKey] = []) {
        let place = path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        description = place.isEmpty ? message : "\(place.drop { $0 == "." }): \(message)"
    }
}

extension Script {
    /// Reads a script from YAML or JSON. Throws ``ScriptError`` naming the place of a mistake.
    package init(parsing text: String) throws(ScriptError) {
        do {
            guard let node = try compose(yaml: text) else { throw ScriptError("the script is empty") }
            self = try JSONValue(node).decode(Script.self)
            try check()
        } catch let error as ScriptError {
            throw error
        } catch let error as DecodingError {
            throw ScriptError(error)
        } catch {
            throw ScriptError("\(error)")
        }
    }

    /// Reads a script from a file.
    package init(file: String) throws(ScriptError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ScriptError("\(file): cannot be read")
        }
        do { try self.init(parsing: String(decoding: data, as: UTF8.self)) } catch {
            throw ScriptError("\(file): \(error)")
        }
    }

    private func check() throws(ScriptError) {
        for role in roles {
            guard !role.turns.isEmpty else { throw ScriptError("role \(role.name): has no turns") }
            for (index, turn) in role.turns.enumerated() {
                do { try Placeholders.check(turn) } catch {
                    throw ScriptError("role \(role.name), turn \(index): \(error)")
                }
            }
        }
    }
}

extension ScriptError {
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context): self.init("missing", at: context.codingPath + [key])
        case .typeMismatch(let type, let context): self.init("expected \(type)", at: context.codingPath)
        case .valueNotFound(let type, let context): self.init("expected \(type)", at: context.codingPath)
        case .dataCorrupted(let context): self.init(context.debugDescription, at: context.codingPath)
        @unknown default: self.init("\(error)")
        }
    }
}

extension JSONValue {
    /// The value of a YAML node by the types of YAML's core schema.
    fileprivate init(_ node: Node) throws {
        switch node {
        case .scalar(let scalar):
            switch node.tag {
            case Tag(.null): self = .null
            case Tag(.bool): self = .bool(node.bool ?? false)
            case Tag(.int): self = node.int.map { .int($0) } ?? .string(scalar.string)
            case Tag(.float): self = node.float.map { .double($0) } ?? .string(scalar.string)
            default: self = .string(scalar.string)
            }
        case .sequence(let nodes): self = .array(try nodes.map { try JSONValue($0) })
        case .mapping(let mapping):
            let members = try mapping.map { key, value in (key.string ?? "", try JSONValue(value)) }
            self = .object(Dictionary(members) { _, last in last })
        case .alias: throw ScriptError("an alias that names no anchor")
        }
    }
}

extension Decoder {
    /// A container that refuses keys which `Key` does not know: a misspelt key must not be ignored.
    func strictContainer<Key: CodingKey & CaseIterable>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let known = Set(Key.allCases.map(\.stringValue))
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            let expected = known.sorted().joined(separator: ", ")
            throw ScriptError("unknown key \(key.stringValue), expected one of \(expected)", at: codingPath)
        }
        return try container(keyedBy: type)
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
