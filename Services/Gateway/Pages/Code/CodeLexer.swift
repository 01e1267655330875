/// Colours a text line by line: keywords, strings, comments and numbers, and nothing that needs a grammar.
struct CodeLexer {
    /// What a line leaves open for the next.
    enum State: Hashable {
        case plain
        case comment
        /// Within a string, by its place in the language's list.
        case string(Int)
    }

    private enum Kind: String { case plain = "", keyword = "k", string = "s", comment = "c", number = "n" }

    let language: CodeLanguage
    private let lineComments: [[UInt8]]
    private let blockComment: (begin: [UInt8], end: [UInt8])?

    init(_ language: CodeLanguage) {
        self.language = language
        lineComments = language.lineComments.map { Array($0.utf8) }
        blockComment = language.blockComment.map { (Array($0.begin.utf8), Array($0.end.utf8)) }
    }

    /// The markup of a line, and what it leaves open.
    func line(_ text: some StringProtocol, from state: State = .plain) -> (html: String, state: State) {
        var scan = Scan(bytes: Array(text.utf8))
        var state = state
        while !scan.isAtEnd {
            switch state {
            case .comment: state = comment(&scan)
            case .string(let index): state = string(&scan, index)
            case .plain: state = plain(&scan)
            }
        }
        if case .string(let index) = state, !language.quotes[index].spansLines { state = .plain }
        return (scan.html, state)
    }

    private func plain(_ scan: inout Scan) -> State {
        if lineComments.contains(where: { scan.sees($0) }),
            scan.beginsWord || !lineComments.contains([UInt8(ascii: "#")])
        {
            scan.take(scan.rest, .comment)
            return .plain
        }
        if let blockComment, scan.sees(blockComment.begin) {
            scan.begin()
            scan.skip(blockComment.begin.count)
            return comment(&scan)
        }
        if let index = language.quotes.firstIndex(where: { scan.sees($0.mark) }) {
            scan.begin()
            scan.skip(language.quotes[index].mark.count)
            return string(&scan, index)
        }
        scan.word { word in
            if language.keywords.contains(word) {
                .keyword
            } else if word.first?.isNumber == true {
                .number
            } else {
                .plain
            }
        }
        return .plain
    }

    private func comment(_ scan: inout Scan) -> State {
        let end = blockComment?.end ?? []
        while !scan.isAtEnd {
            if scan.sees(end) {
                scan.skip(end.count)
                scan.finish(.comment)
                return .plain
            }
            scan.skip(1)
        }
        scan.finish(.comment)
        return .comment
    }

    private func string(_ scan: inout Scan, _ index: Int) -> State {
        let quote = language.quotes[index]
        while !scan.isAtEnd {
            if quote.hasEscapes, scan.sees([UInt8(ascii: "\\")]) {
                scan.skip(2)
            } else if scan.sees(quote.mark) {
                scan.skip(quote.mark.count)
                scan.finish(.string)
                return .plain
            } else {
                scan.skip(1)
            }
        }
        scan.finish(.string)
        return .string(index)
    }

    /// A place in a line, and the markup of what is before it.
    private struct Scan {
        let bytes: [UInt8]
        private(set) var html = ""
        private var position = 0
        /// Where the token begins that is being read.
        private var start = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position >= bytes.count }
        var rest: Int { bytes.count - position }
        var beginsWord: Bool { position == 0 || bytes[position - 1] == 0x20 || bytes[position - 1] == 0x09 }

        func sees(_ mark: [UInt8]) -> Bool {
            !mark.isEmpty && bytes.count - position >= mark.count
                && bytes[position..<(position + mark.count)].elementsEqual(mark)
        }

        mutating func begin() { start = position }
        mutating func skip(_ count: Int) { position = min(bytes.count, position + count) }

        /// Ends the token that began at ``begin()``, or where the line does.
        mutating func finish(_ kind: Kind) {
            let text = CodeText.html(String(decoding: bytes[start..<position], as: UTF8.self))
            html += kind == .plain ? text : "<span class=\"\(kind.rawValue)\">\(text)</span>"
            start = position
        }

        mutating func take(_ count: Int, _ kind: Kind) {
            begin()
            skip(count)
            finish(kind)
        }

        /// Takes a word, or what stands between words up to the next that may begin something.
        mutating func word(_ kind: (String) -> Kind) {
            begin()
            while !isAtEnd, Self.isOfWord(bytes[position]) { position += 1 }
            guard position == start else {
                return finish(kind(String(decoding: bytes[start..<position], as: UTF8.self)))
            }
            position += 1
            while !isAtEnd, bytes[position] == 0x20 { position += 1 }
            finish(.plain)
        }

        private static func isOfWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
                true
            default: false
            }
        }
    }
}
