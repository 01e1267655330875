import Cryptography
import Foundations
import Testing

@Suite struct ChildNamesTests {
    private func child(_ key: String, of parent: String) throws -> String {
        TaskID.child(try #require(TaskID(key)), of: try #require(TaskID(parent))).text
    }

    @Test func `a child is named after its parent`() throws {
        #expect(try child("task-1", of: "goal") == "goal--task-1")
        let longest = String(repeating: "g", count: 40)
        #expect(try child(String(repeating: "k", count: 22), of: longest).count == 64)
    }

    @Test func `a name that is too long is cut, and stays one of its own`() throws {
        let parent = String(repeating: "g", count: 60)
        let names = try ["task-1", "task-2"].map { try child($0, of: parent) }
        #expect(names.allSatisfy { $0.count == 64 && $0.hasPrefix(String(repeating: "g", count: 43) + "-") })
        #expect(Set(names).count == 2)
        // The first digits of the hash by another program.
        #expect(names[0].hasSuffix("-br74nrxziwwtl36o3wxa"))
    }
}
