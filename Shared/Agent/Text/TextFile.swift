/// A text file as it is: its bytes, its form, and where its lines begin.
///
/// A line ends at LF or CRLF, as compilers and searches count; at CR only where there is no LF. Nothing is ever decoded
/// to be written back: what is not changed is copied byte by byte.
package struct TextFile: Sendable {
    package let bytes: [UInt8]
    package let form: TextForm
    /// Where each line begins.
    private let starts: [Int]
    /// How many lines there are. What follows the last line end is one, unless it is empty.
    package let count: Int

    /// `nil` for what is no text.
    package init?(_ bytes: [UInt8]) {
        guard let encoding = TextEncoding(of: bytes) else { return nil }
        self.init(bytes, encoding)
    }

    /// `bytes` as a text of that encoding, whatever they are.
    package init(_ bytes: [UInt8], _ encoding: TextEncoding) {
        let hasMark = !encoding.mark.isEmpty && bytes.starts(with: encoding.mark)
        let first = hasMark ? encoding.mark.count : 0
        let scan = bytes.withUnsafeBufferPointer { LineScan($0, encoding, from: first) }
        self.bytes = bytes
        starts = scan.starts
        count = scan.starts.count - (scan.starts.last == bytes.count ? 1 : 0)
        form = TextForm(encoding, hasMark: hasMark, ending: scan.ending, isMixed: scan.isMixed)
    }

    /// Where the text begins: behind the byte order mark.
    var textStart: Int { starts[0] }

    /// The bytes of a line, from 0, with its end.
    func range(of line: Int) -> Range<Int> {
        starts[line]..<(line + 1 < starts.count ? starts[line + 1] : bytes.count)
    }

    /// The bytes of a line without its end.
    func content(of line: Int) -> Range<Int> {
        let range = range(of: line)
        guard line + 1 < starts.count else { return range }
        let width = form.encoding.width
        let isLong = ending(of: line) == .crlf
        return range.lowerBound..<range.upperBound - (isLong ? 2 * width : width)
    }

    /// What ends a line; `nil` for the last one of a file that does not end in one.
    package func ending(of line: Int) -> LineEnding? {
        guard line + 1 < starts.count else { return nil }
        let (range, width) = (range(of: line), form.encoding.width)
        return bytes.withUnsafeBufferPointer { bytes in
            let last = form.encoding.codeUnit(bytes, range.upperBound - width)
            guard last == 10 else { return .cr }
            guard range.count >= 2 * width else { return .lf }
            return form.encoding.codeUnit(bytes, range.upperBound - 2 * width) == 13 ? .crlf : .lf
        }
    }

    /// Whether the last line has an end.
    package var endsInNewline: Bool { count < starts.count }

    /// A line, from 0, without its end.
    package func text(of line: Int) -> String { text(in: content(of: line)) }

    func text(in range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { form.encoding.decode($0, range) }
    }

    /// The line, from 0, that a byte belongs to.
    func line(at place: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= place { low = middle } else { high = middle }
        }
        return low
    }
}

/// Finds where the lines of a text begin.
private struct LineScan {
    var starts: [Int]
    private var counts: [LineEnding: Int] = [:]

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding, from first: Int) {
        starts = [first]
        let places = stride(from: first, through: bytes.count - encoding.width, by: encoding.width)
        var (lf, crlf, previous) = (0, 0, UInt32(0))
        for place in places {
            let unit = encoding.codeUnit(bytes, place)
            if unit == 10 {
                if previous == 13 { crlf += 1 } else { lf += 1 }
                starts.append(place + encoding.width)
            }
            previous = unit
        }
        counts = [.lf: lf, .crlf: crlf]
        guard lf + crlf == 0 else { return }
        for place in places where encoding.codeUnit(bytes, place) == 13 { starts.append(place + encoding.width) }
        counts[.cr] = starts.count - 1
    }

    var ending: LineEnding { LineEnding.allCases.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) } ?? .lf }
    var isMixed: Bool { counts.values.count { $0 > 0 } > 1 }
}
