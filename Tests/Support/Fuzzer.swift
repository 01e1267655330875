import Foundation
import Foundations

/// Makes broken and hostile messages out of good ones, the same for the same seed.
package struct Fuzzer {
    /// How many times as many variants are tried as in `make test`.
    package static let factor = number("FUZZ_FACTOR").map { Int(clamping: $0) } ?? 1
    /// Added to every seed, for other variants.
    private static let shift = number("FUZZ_SEED") ?? 0

    private var random: SeededNumbers

    package init(seed: UInt64) { random = SeededNumbers(seed: seed &+ Self.shift) }

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    /// Numbers at which arithmetic breaks, as JSON writes them.
    package static let numbers = [
        "0", "-0", "-1", "1e999", "-1e999", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "99999999999999999999999999", "1e18", "9.3e18", "1.7976931348623157e308", "5e-324", "0.1", "2147483648",
        "4294967296", "01", "1.", "-", "NaN", "Infinity",
    ]

    private static let texts = [
        "", "\u{0}", "\\u0000", "\\ud800", "\\udc00\\ud800", "\u{FEFF}", "../../etc/passwd", "a.b.>", "*", "$JS.API.>",
        "999999999-99-99T99:99:99.999Z", "-9223372036854775808-01-01T00:00:00Z", "2026-11-27T09:30:00.9999999999999Z",
        "+292277026596-12-04T15:30:07Z", "0000-00-00T00:00:00Z", "%", "{a,{b,c}}", "e\u{301}\u{302}",
    ]

    /// A variant of `message`, a JSON text: bytes that were changed, or a value put in another's place.
    package mutating func variant(of message: Data) -> Data {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: noise(upTo: 200)
        case 1...3: damaged(message)
        default: (try? JSONValue(parsing: message)).map { replaced($0) } ?? damaged(message)
        }
    }

    /// `data` in pieces of random sizes.
    package mutating func pieces(of data: Data) -> [Data] {
        var (pieces, rest) = ([Data](), data[...])
        while !rest.isEmpty {
            pieces.append(Data(rest.prefix(Int.random(in: 1...(1 + rest.count / 3), using: &random))))
            rest = rest.dropFirst(pieces[pieces.count - 1].count)
        }
        return pieces
    }

    /// Random bytes.
    package mutating func noise(upTo limit: Int) -> Data {
        Data((0..<Int.random(in: 0...limit, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// The message with some bytes changed, left out, doubled, or cut off.
    private mutating func damaged(_ message: Data) -> Data {
        var bytes = Array(message)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
            case 3: bytes.insert(Array("{}[]\",:\\0".utf8)[place % 9], at: place)
            default: bytes.removeLast(Int.random(in: 0...min(20, bytes.count), using: &random))
            }
        }
        return Data(bytes)
    }

    /// The message with a hostile value in place of one of its values, at any depth.
    private mutating func replaced(_ message: JSONValue) -> Data {
        let hostile = hostileText()
        let marked = marking(message)
        let text = (try? marked.text()) ?? ""
        return Data(text.replacing("\"\(Self.mark)\"", with: hostile).utf8)
    }

    private static let mark = "@replaced@"

    private mutating func marking(_ value: JSONValue) -> JSONValue {
        guard Int.random(in: 0..<6, using: &random) > 0 else { return .string(Self.mark) }
        switch value {
        case .object(var members):
            guard let key = members.keys.sorted().randomElement(using: &random) else { break }
            members[key] = marking(members[key] ?? .null)
            return .object(members)
        case .array(var values):
            guard let index = values.indices.randomElement(using: &random) else { break }
            values[index] = marking(values[index])
            return .array(values)
        default: break
        }
        return .string(Self.mark)
    }

    private mutating func hostileText() -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: "null"
        case 1: "true"
        case 2: "\"" + String(repeating: "a\\\"", count: 20_000) + "\""
        case 3: String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        case 4: String(repeating: "{\"a\":", count: 500) + "1" + String(repeating: "}", count: 500)
        case 5: "\"" + (Self.texts.randomElement(using: &random) ?? "") + "\""
        default: Self.numbers.randomElement(using: &random) ?? "0"
        }
    }
}
