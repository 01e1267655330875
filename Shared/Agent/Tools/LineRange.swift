/// Which lines of a file a model means by `start_line` and `end_line`.
package struct LineRange: Sendable, Hashable {
    /// From 1.
    package let first: Int
    /// Inclusive: not before the first, and not beyond the end of the file.
    package let last: Int

    package var lines: ClosedRange<Int> { first...last }

    /// The lines of a file that has `count` of them. A start of 0 is the first line; an end of -1 or 0, or beyond the
    /// last line, is the last line: that is how other tools write them. What is left is a mistake, told in words: an
    /// empty text would be taken for an empty file. A file without lines has no range: ask for none.
    package init(start: Int?, end: Int?, count: Int) throws(ToolError) {
        guard count > 0 else { throw ToolError("The file is empty: it has no lines.") }
        let first = start == 0 ? 1 : start ?? 1
        guard first > 0 else { throw ToolError("start_line is \(first): lines are counted from 1.") }
        guard first <= count else { throw ToolError("The file has \(count) lines: there is no line \(first).") }
        let last = [nil, -1, 0].contains(end) ? count : min(end ?? count, count)
        guard last > 0 else {
            throw ToolError("end_line is \(last): give the number of a line, or -1 for the end of the file.")
        }
        guard first <= last else { throw ToolError("end_line (\(last)) is before start_line (\(first)).") }
        (self.first, self.last) = (first, last)
    }
}
