import Foundation
import Foundations
import LanguageModels
import Logging
import TestSupport
import Testing

@testable import AgentRuns

@Suite struct ReplyFolderTests {
    private func folder(_ home: TemporaryFolder) -> ReplyFolder {
        ReplyFolder(
            path: home.path("replies"), redactor: Redactor([Secret("s3cret")]),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `a reply is kept without secrets, for its owner alone, under its model's name`() throws {
        let home = try TemporaryFolder()
        folder(home).keep(UnreadableReply(model: "../z-ai/glm:4", reason: "It is odd.", text: "<html>s3cret</html>"))
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: home.path("replies")).first)
        #expect(name.hasSuffix("---z-ai-glm-4.txt"))
        #expect(try home.read("replies/\(name)") == "It is odd.\n\n<html><redacted></html>")
        let attributes = try FileManager.default.attributesOfItem(atPath: home.path("replies/\(name)"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `only the newest are kept`() throws {
        let home = try TemporaryFolder()
        for name in ["2001", "2002"] { try home.write("replies/\(name).txt", "old") }
        for number in 0..<ReplyFolder.maximumFiles {
            folder(home).keep(UnreadableReply(model: "m", reason: "\(number)", text: ""))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: home.path("replies"))
        #expect(names.count == ReplyFolder.maximumFiles)
        #expect(!names.contains { $0.hasPrefix("200") })
    }

    @Test func `a folder that cannot be written to stops nothing`() throws {
        let home = try TemporaryFolder()
        try home.write("replies", "a file in its place")
        folder(home).keep(UnreadableReply(model: "m", reason: "", text: ""))
        #expect(try home.read("replies") == "a file in its place")
    }
}
