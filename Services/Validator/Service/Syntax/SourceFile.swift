import Foundations
import Git

/// A file of a change, as far as a look at its syntax has to know it.
package struct SourceFile: Sendable, Hashable {
    /// What nobody writes by hand is larger.
    package static let mostBytes = 1 << 20

    package let path: String
    /// Where its like was on the base; `nil` where nothing of the kind was.
    package let oldPath: String?
    /// What tells whether it can be read; `nil` where nothing does.
    let checker: SyntaxChecker?
    let isTooLarge: Bool

    /// - Parameter text: What it says; `nil` where it is too large.
    package init(path: String, oldPath: String? = nil, text: String?) {
        self.path = path
        self.oldPath = oldPath
        isTooLarge = text == nil
        let start = text?.prefix { !$0.isNewline }.prefix(200) ?? ""
        let checker = SyntaxChecker.of(path, firstLine: String(start))
        self.checker = text.map { Self.isOther($0, than: checker) } == true ? nil : checker
    }

    init(_ file: DiffSummary.File, text: String?) {
        self.init(path: file.path, oldPath: Self.old(file), text: text)
    }

    private init(path: String, checker: SyntaxChecker?) {
        self.path = path
        oldPath = nil
        self.checker = checker
        isTooLarge = false
    }

    /// The same file on the base.
    var onBase: SourceFile? { oldPath.map { SourceFile(path: $0, checker: checker) } }

    /// A file that was of another language was another file.
    private static func old(_ file: DiffSummary.File) -> String? {
        func ending(_ path: String) -> Substring? {
            SyntaxChecker.hasSuffix(path) ? path.split(separator: ".").last : nil
        }
        let old = file.oldPath ?? file.path
        guard [.modified, .renamed].contains(file.status), ending(old) == ending(file.path) else { return nil }
        return old
    }

    /// What only looks like a file of the language: a pointer to content elsewhere, a template of data.
    private static func isOther(_ text: String, than checker: SyntaxChecker?) -> Bool {
        if LargeFilePointer.isPointer(text.utf8) { return true }
        guard checker?.isOfData == true else { return false }
        // A workflow's `${{ }}` stands inside of texts.
        let plain = text.replacing("${{", with: "")
        return ["{{", "{%", "<%"].contains { plain.contains($0) }
    }
}

extension Mirror {
    /// Of the candidates those that are plain files, read one after the other.
    func sources(of files: [DiffSummary.File], at commit: ObjectID) async throws -> [SourceFile] {
        guard !files.isEmpty else { return [] }
        let wanted = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        return try await reading(commit) { content in
            try content.files(where: { wanted[$0] != nil }).compactMap { entry -> SourceFile? in
                guard let file = wanted[entry.path], [.file, .executable].contains(entry.kind) else { return nil }
                return SourceFile(file, text: try content.text(of: entry.path, maxBytes: SourceFile.mostBytes))
            }
        }
    }
}
