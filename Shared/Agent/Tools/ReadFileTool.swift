/// `read_file`: a window of numbered lines.
struct ReadFileTool: Tool {
    let name = "read_file"
    let description = """
        Reads a text file of the work tree. Lines come numbered as `number<TAB>text`; the number is not a part of the \
        file. Long files come in windows: give start_line and end_line to see another part. At most 1 MB of a file \
        can be read.
        """
    let parameters = [
        ToolParameter("file_path", .text, "Path relative to the work tree."),
        ToolParameter("start_line", .integer, "First line, from 1. Default 1.", required: false),
        ToolParameter("end_line", .integer, "Last line, inclusive. Default: the end.", required: false),
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let path = arguments.text("file_path")
        let content = try await context.blocking { try $0.read(path) }
        guard !content.isBinary else {
            return ToolResult(
                "\(content.path) is a binary file of \(content.size) bytes; it cannot be shown.", ok: false,
                summary: "\(content.path) is binary")
        }
        let window = try LineWindow(
            String(decoding: content.bytes, as: UTF8.self), from: arguments.integer("start_line"),
            to: arguments.integer("end_line"), limit: context.outputLimit)
        var text = window.text
        if !content.isWhole { text += "\n[The file has \(content.size) bytes; only its first 1 MB can be read.]" }
        return ToolResult(text, summary: "read \(content.path), lines \(window.first)-\(window.last)")
    }
}

/// Numbered lines of a text, as many as fit.
private struct LineWindow {
    let text: String
    let first: Int
    let last: Int

    init(_ text: String, from start: Int?, to end: Int?, limit: Int) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else {
            (self.text, first, last) = ("[The file is empty.]", 1, 0)
            return
        }
        let wanted = try LineRange(start: start, end: end, count: lines.count).lines
        var shown: [String] = []
        var size = 0
        for number in wanted {
            let line = "\(number)\t\(OutputLimiter.shorten(String(lines[number - 1]), to: 2000))"
            size += line.utf8.count + 1
            guard size <= limit || shown.isEmpty else { break }
            shown.append(line)
        }
        first = wanted.lowerBound
        last = first + shown.count - 1
        if last < wanted.upperBound {
            shown.append("[Lines \(first)-\(last) of \(lines.count). Go on with start_line \(last + 1).]")
        }
        self.text = shown.joined(separator: "\n")
    }
}
