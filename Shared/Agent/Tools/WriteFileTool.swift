/// `write_file`: a whole file.
struct WriteFileTool: Tool {
    let name = "write_file"
    let description = """
        Writes a whole file, replacing what was there; folders are made as needed. For a change to an existing file \
        use edit_file. What an existing file is encoded in and what ends its lines stays, so write \\n whatever it has; \
        only if content itself holds \\r are its line ends written as they are. At most 5 MB.
        """
    let parameters = [
        ToolParameter("file_path", .text, "Path relative to the work tree."),
        ToolParameter("content", .text, "The whole content of the file."),
    ]
    let changesFiles = true

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let path = arguments.text("file_path")
        let content = arguments.text("content")
        return try await context.blocking { files in
            let old = try files.text(path)
            let new = FormedText(content, like: old, path)
            let written = try files.write(path, new.bytes) { try context.requireOwn($0) }
            let verb = written.isNew ? "Created" : "Replaced"
            let alike = written.alike.map {
                " note: there is \($0) beside it, which differs in case alone: on some systems both are one."
            }
            return ToolResult(
                "\(verb) \(written.path), \(new.bytes.count) bytes.\(new.note)\(alike ?? "")",
                summary: "\(verb) \(written.path)", written: written.path)
        }
    }
}

/// A whole text in the form of the file that it replaces.
struct FormedText {
    let bytes: [UInt8]
    /// What the model should know of it.
    let note: String

    init(_ content: String, like old: TextFile?, _ path: String) {
        guard let old, old.form != TextForm() else {
            (bytes, note) = (Array(content.utf8), "")
            return
        }
        var (form, text) = (old.form, content)
        if content.unicodeScalars.first == "\u{FEFF}" {
            form.hasMark = true
            text = String(content.unicodeScalars.dropFirst())
        }
        let body: [UInt8]?
        if content.utf8.contains(13) {
            (form.ending, form.isMixed) = (.lf, false)
            body = try? TextMerge.encode(text, form.encoding, path)
        } else {
            body = try? TextMerge(old, old.textStart..<old.bytes.count).bytes(for: text, in: path)
        }
        guard let body else {
            bytes = Array(text.unicodeScalars.map { $0 == "\n" ? form.ending.text : String($0) }.joined().utf8)
            note = " It is UTF-8 now: \(form.encoding.rawValue), which it was, has not all of the characters."
            return
        }
        bytes = (form.hasMark ? form.encoding.mark : []) + body
        note = form.remarks.isEmpty ? "" : " It keeps what it had: \(form.remarks.joined(separator: ", "))."
    }
}
