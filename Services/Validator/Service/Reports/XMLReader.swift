/// Reads the elements of an XML text, one after the other: no more than reports of tests need.
///
/// Nothing is validated, no entity but XML's own five and numbers is replaced, nothing outside of the text is looked at,
/// and text between elements is passed over. Takes time in proportion to the length; what is no XML ends the reading.
struct XMLReader {
    enum Event {
        /// `isEmpty` elements have no end of their own.
        case start(name: Substring, attributes: Attributes, isEmpty: Bool)
        case end(name: Substring)
    }

    private static let longestName = 256

    private let text: String
    private var place: String.Index
    private var bytes: String.UTF8View { text.utf8 }

    init(_ text: String) {
        self.text = text
        place = text.startIndex
    }

    /// The next element's start or end; `nil` at the end of what can be read.
    mutating func next() -> Event? {
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = bytes.index(after: open)
            if pass("!--", to: "-->") || pass("![CDATA[", to: "]]>") || pass("?", to: "?>") { continue }
            if bytes[place...].first == UInt8(ascii: "!") {
                guard passDeclaration() else { return nil }
                continue
            }
            return tag()
        }
        place = text.endIndex
        return nil
    }

    /// Goes behind what begins and ends with the marks, if it is here. Without its end there is nothing behind it.
    private mutating func pass(_ begin: String, to end: String) -> Bool {
        guard bytes[place...].starts(with: begin.utf8) else { return false }
        var index = bytes.index(place, offsetBy: begin.utf8.count)
        guard let first = end.utf8.first else { return false }
        while let found = bytes[index...].firstIndex(of: first) {
            if bytes[found...].starts(with: end.utf8) {
                place = bytes.index(found, offsetBy: end.utf8.count)
                return true
            }
            index = bytes.index(after: found)
        }
        place = text.endIndex
        return true
    }

    /// A document type, of which nothing is obeyed.
    private mutating func passDeclaration() -> Bool {
        var depth = 0
        var quote: UInt8?
        for index in bytes[place...].indices {
            switch (quote, bytes[index]) {
            case (nil, UInt8(ascii: "\"")), (nil, UInt8(ascii: "'")): quote = bytes[index]
            case (let open?, let byte): if open == byte { quote = nil }
            case (nil, UInt8(ascii: "[")): depth += 1
            case (nil, UInt8(ascii: "]")): depth -= 1
            case (nil, UInt8(ascii: ">")) where depth <= 0:
                place = bytes.index(after: index)
                return true
            case (nil, _): break
            }
        }
        return false
    }

    private mutating func tag() -> Event? {
        let isEnd = bytes[place...].first == UInt8(ascii: "/")
        if isEnd { place = bytes.index(after: place) }
        let begin = place
        var quote: UInt8?
        for index in bytes[begin...].indices {
            let byte = bytes[index]
            if let open = quote {
                if open == byte { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                place = bytes.index(after: index)
                return event(text[begin..<index], isEnd: isEnd)
            }
        }
        return nil
    }

    private func event(_ tag: Substring, isEnd: Bool) -> Event? {
        let isEmpty = tag.utf8.last == UInt8(ascii: "/")
        let tag = isEmpty ? Substring(tag.utf8.dropLast()) : tag
        let name = tag.utf8.prefix { $0 > 0x20 }
        guard !name.isEmpty, name.count <= Self.longestName else { return nil }
        // What names its space is read as if it did not.
        let local = Substring(name.split(separator: UInt8(ascii: ":")).last ?? name)
        guard !isEnd else { return .end(name: local) }
        return .start(
            name: local, attributes: Attributes(text: Substring(tag.utf8[name.endIndex...])), isEmpty: isEmpty)
    }
}

/// The attributes of an element, read when they are asked for.
struct Attributes {
    private static let longestValue = 1024

    fileprivate let text: Substring

    /// The value of an attribute, without what stands for characters.
    subscript(name: String) -> String? {
        var rest = text.utf8[...]
        while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
            let key = Substring(rest[..<equals]).split { $0.isWhitespace }.last ?? ""
            let behind = rest[equals...].dropFirst().drop { $0 <= 0x20 }
            guard let quote = behind.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let end = behind.dropFirst().firstIndex(of: quote)
            else { return nil }
            if key == name { return Self.plain(Substring(behind.dropFirst()[..<end]).cut(Self.longestValue)) }
            rest = rest[end...].dropFirst()
        }
        return nil
    }

    private static let entities: [Substring: String] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private static func plain(_ value: Substring) -> String {
        var result = ""
        var rest = value
        while let mark = rest.utf8.firstIndex(of: UInt8(ascii: "&")) {
            result += rest[..<mark]
            let behind = rest.utf8[mark...].dropFirst()
            guard let end = behind.prefix(10).firstIndex(of: UInt8(ascii: ";")),
                let character = character(Substring(behind[..<end]))
            else {
                result += "&"
                rest = Substring(behind)
                continue
            }
            result += character
            rest = Substring(behind[end...].dropFirst())
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> String? {
        if let known = entities[name] { return known }
        guard name.hasPrefix("#") else { return nil }
        let number = name.dropFirst()
        let value = number.hasPrefix("x") ? UInt32(number.dropFirst(), radix: 16) : UInt32(number)
        return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
}
