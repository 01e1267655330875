/// What ends a line.
package enum LineEnding: String, Sendable, Hashable, CaseIterable {
    case lf = "LF"
    case crlf = "CRLF"
    case cr = "CR"

    package var text: String {
        switch self {
        case .lf: "\n"
        case .crlf: "\r\n"
        case .cr: "\r"
        }
    }

    /// `text` with LF for each CRLF. (In Swift a CRLF is one character, of which LF is no part.)
    static func unified(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte == 10, bytes.last == 13 { bytes[bytes.count - 1] = 10 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The form of a text file: all of it but what it says. Whoever changes the text keeps to it.
package struct TextForm: Sendable, Hashable {
    package var encoding: TextEncoding
    /// Whether it begins with a byte order mark.
    package var hasMark: Bool
    /// What ends most lines.
    package var ending: LineEnding
    /// Whether other lines end otherwise.
    package var isMixed: Bool

    package init(
        _ encoding: TextEncoding = .utf8, hasMark: Bool = false, ending: LineEnding = .lf, isMixed: Bool = false
    ) {
        self.encoding = encoding
        self.hasMark = hasMark
        self.ending = ending
        self.isMixed = isMixed
    }

    /// What a model should know of it; empty for what it expects.
    package var remarks: [String] {
        var list: [String] = []
        if encoding == .windows1252 { list.append("bytes that are not UTF-8 (read as Windows-1252)") }
        if encoding.width > 1 { list.append("the encoding \(encoding.rawValue)") }
        if encoding == .utf8, hasMark { list.append("a byte order mark") }
        if isMixed { list.append("mixed line ends (mostly \(ending.rawValue))") }
        if !isMixed, ending != .lf { list.append("\(ending.rawValue) line ends") }
        return list
    }
}
