import Foundations

/// `read_file`: a window of numbered lines.
struct ReadFileTool: Tool {
    let name = "read_file"
    let description = """
        Reads a text file of the work tree. Lines come numbered as `number<TAB>text`; the number is not a part of the \
        file. Long files come in windows: give start_line and end_line to see another part, and for a very long line \
        start_line and start_column. At most 5 MB of a file can be read.
        """
    let parameters = [
        ToolParameter("file_path", .text, "Path relative to the work tree."),
        ToolParameter("start_line", .integer, "First line, from 1. Default 1.", required: false),
        ToolParameter("end_line", .integer, "Last line, inclusive. Default: the end.", required: false),
        ToolParameter(
            "start_column", .integer, "For a very long line: the first character shown, from 1.", required: false),
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let (path, limit) = (arguments.text("file_path"), context.outputLimit)
        return try await context.blocking { files in
            let content = try files.read(path)
            guard let file = TextFile(content.bytes) else {
                return ToolResult(
                    "\(content.path) is a binary file of \(content.size) bytes; it cannot be shown.", ok: false,
                    summary: "\(content.path) is binary")
            }
            if file.count == 0 { return ToolResult("[The file is empty.]", summary: "read \(content.path): empty") }
            let lines = try LineRange(
                start: arguments.integer("start_line"), end: arguments.integer("end_line"), count: file.count)
            let column = arguments.integer("start_column") ?? 1
            try Self.require(column, in: file, lines.first)
            let window = LineWindow(file, lines, column: column, limit: limit)
            var notes = window.notes
            if !content.isWhole {
                notes.append("[The file has \(content.size) bytes; only its first 5 MB can be read.]")
            }
            return ToolResult(
                ([window.text] + notes).joined(separator: "\n"),
                summary: "read \(content.path), lines \(lines.first)-\(window.last)")
        }
    }

    /// Refuses a column behind the end of a line: an empty line would be taken for the rest of it.
    private static func require(_ column: Int, in file: TextFile, _ line: Int) throws(ToolError) {
        guard column > 1 else { return }
        let length = file.text(of: line - 1).unicodeScalars.count
        guard column <= length else {
            throw ToolError("Line \(line) has \(length) characters: there is no column \(column).")
        }
    }
}

/// Numbered lines of a text, as many as fit.
private struct LineWindow {
    /// The most bytes that are shown of one line among others.
    private static let longestLine = 2000
    /// What is left for notes.
    private static let reserve = 500

    let text: String
    let last: Int
    let notes: [String]

    init(_ file: TextFile, _ lines: LineRange, column: Int, limit: Int) {
        let room = max(limit - Self.reserve, Self.reserve)
        let isOne = lines.first == lines.last || column > 1
        var shown: [String] = []
        var size = 0
        for number in lines.first...(isOne ? lines.first : lines.last) {
            let line = Self.line(
                file.text(of: number - 1), number, from: column, limit: isOne ? room : min(Self.longestLine, room))
            size += line.utf8.count + 1
            guard size <= room || shown.isEmpty else { break }
            shown.append(line)
        }
        text = shown.joined(separator: "\n")
        last = lines.first + shown.count - 1
        notes = Self.notes(file, lines, last)
    }

    /// A line from a column on; a note tells where to go on if it is longer.
    private static func line(_ text: String, _ number: Int, from column: Int, limit: Int) -> String {
        let rest = String(text.unicodeScalars.dropFirst(max(column, 1) - 1))
        guard rest.utf8.count > limit else { return "\(number)\t\(rest)" }
        let head = rest.prefix(bytes: limit)
        let next = max(column, 1) + head.unicodeScalars.count
        let more = rest.unicodeScalars.count - head.unicodeScalars.count
        return "\(number)\t\(head) [... \(more) more characters: start_line \(number), start_column \(next)]"
    }

    private static func notes(_ file: TextFile, _ lines: LineRange, _ last: Int) -> [String] {
        var notes: [String] = []
        if last < lines.last {
            notes.append("[Lines \(lines.first)-\(last) of \(file.count). Go on with start_line \(last + 1).]")
        }
        var remarks = file.form.remarks
        if last == file.count, !file.endsInNewline { remarks.append("no line end at its end") }
        if !remarks.isEmpty {
            notes.append("[The file has \(remarks.joined(separator: ", ")); edit_file and write_file keep to that.]")
        }
        return notes
    }
}
