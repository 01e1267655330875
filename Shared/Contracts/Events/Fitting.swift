import Foundations

extension JSONValue {
    /// How far texts (in bytes of UTF-8) and lists (in entries) are cut, step by step, until a value fits.
    private static let cuts = [(2000, 100), (500, 50), (255, 20), (255, 5), (255, 1), (64, 1)]

    /// The value cut, no more than needed, until its canonical form takes at most `limit` bytes.
    ///
    /// Long texts end in an ellipsis, long lists lose their tail, and an object that was cut says `"truncated": true`;
    /// the kinds of all values stay.
    package func fitting(_ limit: Int) -> JSONValue {
        if fits(limit) { return self }
        for (text, entries) in Self.cuts {
            let value = cut(text: text, entries: entries).markedTruncated
            if value.fits(limit) { return value }
        }
        return JSONValue.object([:]).markedTruncated
    }

    private func fits(_ limit: Int) -> Bool { (try? data().count <= limit) ?? false }

    private var markedTruncated: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.merging(["truncated": true]) { $1 })
    }

    private func cut(text limit: Int, entries: Int) -> JSONValue {
        switch self {
        case .string(let text): .string(text.clipped(limit))
        case .array(let values): .array(values.prefix(entries).map { $0.cut(text: limit, entries: entries) })
        case .object(let members): .object(members.mapValues { $0.cut(text: limit, entries: entries) })
        case .null, .bool, .int, .double: self
        }
    }
}

extension String {
    /// The text cut to at most `limit` bytes of UTF-8, with an ellipsis where something is missing.
    package func clipped(_ limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let ellipsis = "…"
        guard limit >= ellipsis.utf8.count else { return "" }
        var end = utf8.index(startIndex, offsetBy: limit - ellipsis.utf8.count)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end]) + ellipsis
    }

    /// The text as one line of at most `limit` bytes of UTF-8: line breaks and control characters become spaces.
    package func line(_ limit: Int) -> String {
        let scalars = clipped(limit).unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
