import Foundations

/// Finds the parameter that a member of an object is meant for.
enum ParameterNames {
    /// Other names that models use for a parameter, as ``plain(_:)`` writes them. They count only for a tool that has
    /// the parameter and none of the other name.
    private static let others: [String: Set<String>] = [
        "file_path": [
            "path", "file", "filename", "absolutepath", "relativepath", "targetfile", "pathname", "fullpath",
            "absolutefilepath", "relativefilepath", "targetfilepath",
        ],
        "dir_path": ["path", "filepath", "dir", "directory", "directorypath", "folder", "folderpath", "absolutepath"],
        "content": ["contents", "filecontent", "filecontents", "filetext", "text", "body"],
        "old_text": ["oldstring", "oldstr", "oldcontent", "oldcode", "search"],
        "new_text": ["newstring", "newstr", "newcontent", "newcode", "replace", "replacement"],
        "replace_all": ["all", "replaceallmatches", "replaceglobally"],
        "start_line": ["start", "startlinenumber", "linestart", "fromline", "firstline"],
        "end_line": ["end", "endlinenumber", "lineend", "toline", "lastline"],
        "command": ["cmd", "shellcommand", "script", "commandline"],
        "timeout": ["timeoutseconds", "timeoutsecs", "timeoutsec", "timeouts"],
        "pattern": ["query", "regex", "regexp", "searchpattern", "searchterm", "searchquery"],
        "glob": ["pattern", "globpattern", "include", "includepattern", "fileglob", "filepattern"],
        "items": ["todos", "todolist", "todoitems", "tasks", "plan"],
        "text": ["content", "title", "task", "step", "description"],
        "status": ["state"],
        "summary": ["result"],
    ]

    /// What models say of a call or of an item besides: it changes nothing of what is done, so it is passed over where
    /// no parameter is meant by it.
    private static let asides: Set = [
        "description", "explanation", "reason", "reasoning", "rationale", "justification", "thought", "thoughts",
        "activeform", "priority", "id",
    ]

    /// A name without what its spelling adds: `filePath`, `file-path` and `File Path` are `filepath`.
    static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// The members by the names of `parameters`. Throws ``ToolError`` for a member that is meant for none of them, and
    /// where two members give one parameter different values. Members that are `null` are left out, and so is what is
    /// said besides.
    static func assign(
        _ members: [WrittenValue.Member], to parameters: [ToolParameter], path: String
    ) throws -> [String: WrittenValue] {
        var assigned: [String: WrittenValue] = [:]
        for member in members where member.value != .null {
            guard let name = try parameter(for: member.name, of: parameters, path: path) else { continue }
            guard assigned[name] == nil || assigned[name] == member.value else {
                throw ToolError("`\(path)\(name)` is given twice, with different values. Give it once.")
            }
            assigned[name] = member.value
        }
        return assigned
    }

    /// `nil` for what is said besides.
    private static func parameter(
        for name: String, of parameters: [ToolParameter], path: String
    ) throws -> String? {
        let known = parameters.map(\.name)
        guard !known.contains(name) else { return name }
        let plain = plain(name)
        let spelled = known.filter { Self.plain($0) == plain }
        let meant = spelled.isEmpty ? known.filter { others[$0]?.contains(plain) ?? false } : spelled
        if meant.isEmpty, asides.contains(plain) { return nil }
        guard meant.count == 1 else {
            throw ToolError(
                "`\(path)\(name)` is not an argument. The arguments are: \(known.joined(separator: ", ")).")
        }
        return meant[0]
    }
}
