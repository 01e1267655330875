import Foundations

/// Reads calls, one behind another, from the tag on that begins the first: whichever of the formats it is.
struct WrittenCallReader {
    /// What begins like a call is none, or is cut.
    struct Failure: Error {
        let reason: String

        static let cut = Failure(reason: "it ends in the middle and may have been cut")
        static let unknown = Failure(reason: "it is in no format that is understood")
    }

    private let bytes: [UInt8]
    /// Behind the last call and what closes it.
    private(set) var position: Int
    private(set) var calls: [WrittenCall] = []

    /// Reads all calls from the tag at `position` on, or, with `isOpen`, from a call there that has none.
    init(_ bytes: [UInt8], at position: Int, isOpen: Bool = false) throws(Failure) {
        self.bytes = bytes
        self.position = position
        var isOpen = isOpen
        while true {
            isOpen = skipFrame(isOpen)
            if let tag = CallTag(bytes, at: self.position), tag.role == .call {
                try taggedCall(tag)
            } else if isOpen || next == UInt8(ascii: "{") && !calls.isEmpty {
                try untaggedCall()
            } else {
                break
            }
            isOpen = false
        }
        guard !calls.isEmpty else { throw .unknown }
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, " \n\r\t".utf8.contains(byte) { position += 1 }
    }

    /// Steps over what stands around calls; returns whether the last of it opened another one.
    private mutating func skipFrame(_ wasOpen: Bool) -> Bool {
        var isOpen = wasOpen
        while true {
            let start = position
            skipSpace()
            if let tag = CallTag(bytes, at: position), [.opening, .closing, .end].contains(tag.role) {
                isOpen = tag.role == .opening
                position = tag.end
            } else if next == UInt8(ascii: ";"), !calls.isEmpty {
                position += 1
            } else {
                // White space in front of prose belongs to the prose.
                if !isOpen, next != UInt8(ascii: "{"), CallTag(bytes, at: position)?.role != .call { position = start }
                return isOpen
            }
        }
    }

    // MARK: JSON

    private mutating func untaggedCall() throws(Failure) {
        if beginsPythonList {
            try pythonList()
        } else if next == UInt8(ascii: "{") || next == UInt8(ascii: "[") {
            guard let found = WrittenCall.calls(in: try json()) else { throw .unknown }
            calls += found
        } else {
            try namedCall()
        }
    }

    private mutating func json() throws(Failure) -> WrittenValue {
        var reader = NearlyJSON(bytes, at: position)
        do {
            let value = try reader.value()
            position = reader.position
            return value
        } catch {
            throw error == .cut ? .cut : .unknown
        }
    }

    /// `read_file{…}`, `read_file(…)`, `read_file[ARGS]{…}`, `functions.read_file:0<|tool_call_argument_begin|>{…}`,
    /// `function<｜tool▁sep｜>read_file` and the arguments in a fence, `read_file` and pairs of keys and values, or
    /// `commentary to=functions.read_file <|constrain|>json<|message|>{…}`.
    private mutating func namedCall() throws(Failure) {
        var name = word()
        skipSpace()
        let isPreface = name == "function" ? skipSeparator() : skipRecipient()
        if isPreface { name = word() }
        skipSpace()
        guard !name.isEmpty else { throw next == nil ? .cut : .unknown }
        switch CallTag(bytes, at: position)?.role {
        case .key: return try pairs(of: name)
        case .closing: return calls.append(WrittenCall(name: name, arguments: nil))
        default: break
        }
        let arguments = try skip("(") ? WrittenValue.object(keywords()) : object()
        calls.append(WrittenCall(name: name, arguments: arguments.json(.compact)))
    }

    /// The object behind a name, with what may separate them and a fence around it.
    private mutating func object() throws(Failure) -> WrittenValue {
        if skipSeparator() {
            // Mistral gives the call's id in between.
            _ = word()
            _ = skipSeparator()
        }
        skipFence()
        guard next == UInt8(ascii: "{") else { throw next == nil ? .cut : .unknown }
        let object = try json()
        skipFence()
        return object
    }

    private mutating func word() -> String {
        let start = position
        while let byte = next,
            byte >= 0x80 || "_.:-".utf8.contains(byte) || Character(Unicode.Scalar(byte)).isLetter
                || Character(Unicode.Scalar(byte)).isNumber
        { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Steps over what says whom a message is to.
    private mutating func skipRecipient() -> Bool {
        guard bytes[position...].starts(with: "to=".utf8) else { return false }
        position += 3
        return true
    }

    private mutating func skipSeparator() -> Bool {
        guard let tag = CallTag(bytes, at: position), tag.role == .separator else { return false }
        position = tag.end
        return true
    }

    /// Steps over the line that begins or ends a fence.
    private mutating func skipFence() {
        let start = position
        skipSpace()
        guard bytes[position...].starts(with: "```".utf8) else {
            position = next == UInt8(ascii: "{") ? position : start
            return
        }
        position += 3
        _ = word()
        skipSpace()
    }

    // MARK: Python

    /// Whether `[read_file(…)]` comes next, and not a list in JSON.
    private var beginsPythonList: Bool {
        guard next == UInt8(ascii: "["),
            let first = bytes[(position + 1)...].first(where: { !" \n\r\t".utf8.contains($0) })
        else { return false }
        return first < 0x80 && Character(Unicode.Scalar(first)).isLetter
    }

    private mutating func pythonList() throws(Failure) {
        position += 1
        repeat {
            skipSpace()
            try namedCall()
            skipSpace()
        } while skip(",")
        guard skip("]") else { throw next == nil ? .cut : .unknown }
    }

    /// What stands in the parentheses of `read_file(file_path="a.py", start_line=2)`, behind the first.
    private mutating func keywords() throws(Failure) -> [WrittenValue.Member] {
        var members: [WrittenValue.Member] = []
        skipSpace()
        while !skip(")") {
            let name = word()
            skipSpace()
            guard !name.isEmpty, skip("=") else { throw next == nil ? .cut : .unknown }
            members.append(.init(name: name, value: try json()))
            skipSpace()
            guard skip(",") || next == UInt8(ascii: ")") else { throw next == nil ? .cut : .unknown }
            skipSpace()
        }
        guard Set(members.map(\.name)).count == members.count else { throw .unknown }
        return members
    }

    /// Steps over a character of ASCII if it comes next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    // MARK: Tags

    private mutating func taggedCall(_ tag: CallTag) throws(Failure) {
        position = tag.end
        skipSpace()
        let call: WrittenCall
        if next == UInt8(ascii: "{") {
            call = WrittenCall(name: tag.name, arguments: try json().json(.compact))
        } else {
            call = WrittenCall(name: tag.name, arguments: WrittenValue.object(try parameters()).json(.compact))
        }
        skipSpace()
        guard let end = CallTag(bytes, at: position), end.role == .callEnd else {
            throw next == nil ? .cut : .unknown
        }
        position = end.end
        calls.append(call)
    }

    private mutating func parameters() throws(Failure) -> [WrittenValue.Member] {
        var members: [WrittenValue.Member] = []
        while let tag = CallTag(bytes, at: position), tag.role == .parameter {
            position = tag.end
            let value = try text { [bytes] end in
                // A value may hold such a tag itself: the one that ends it has another parameter or the end behind it.
                let after = bytes[end...].firstIndex { !" \n\r\t".utf8.contains($0) } ?? end
                return [.parameter, .callEnd].contains(CallTag(bytes, at: after)?.role)
            }
            members.append(.init(name: tag.name, value: .text(value)))
            skipSpace()
        }
        guard Set(members.map(\.name)).count == members.count else { throw .unknown }
        return members
    }

    private mutating func pairs(of name: String) throws(Failure) {
        var members: [WrittenValue.Member] = []
        while let tag = CallTag(bytes, at: position), tag.role == .key {
            position = tag.end
            let key = try text(endsWith: .keyEnd) { _ in true }
            skipSpace()
            guard let tag = CallTag(bytes, at: position), tag.role == .value else { throw .cut }
            position = tag.end
            let value = try text(endsWith: .valueEnd) { [bytes] end in
                let after = bytes[end...].firstIndex { !" \n\r\t".utf8.contains($0) } ?? end
                return [.key, .closing].contains(CallTag(bytes, at: after)?.role)
            }
            members.append(.init(name: key.trimmed, value: .text(value)))
            skipSpace()
        }
        guard Set(members.map(\.name)).count == members.count else { throw .unknown }
        calls.append(WrittenCall(name: name, arguments: WrittenValue.object(members).json(.compact)))
    }

    /// The text up to the tag that ends it. A line break at both ends belongs to the tags: they stand on lines of their
    /// own then. At one end it belongs to the text.
    private mutating func text(
        endsWith role: CallTag.Role = .parameterEnd, _ isEnd: (Int) -> Bool
    ) throws(Failure) -> String {
        var end = position
        while let place = bytes[end...].firstIndex(of: UInt8(ascii: "<")) {
            if let tag = CallTag(bytes, at: place), tag.role == role, isEnd(tag.end) {
                var content = bytes[position..<place]
                if content.count > 1, content.first == UInt8(ascii: "\n"), content.last == UInt8(ascii: "\n") {
                    content = content.dropFirst().dropLast()
                }
                position = tag.end
                return String(decoding: content, as: UTF8.self)
            }
            end = place + 1
        }
        throw .cut
    }
}
