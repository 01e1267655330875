import Testing

@testable import GatewayPages

@Suite struct DiffTests {
    private static let patch = """
        diff --git a/src/a.txt b/src/a.txt
        index 1..2 100644
        --- a/src/a.txt
        +++ b/src/a.txt
        @@ -1,3 +1,3 @@ top
         one
        --- two
        +++ two
         three
        @@ -10 +10,2 @@
        -ten
        +ten
        +eleven
        \\ No newline at end of file
        diff --git a/old name b/new name
        similarity index 100%
        rename from old name
        rename to new name
        diff --git a/gone b/gone
        deleted file mode 100644
        --- a/gone
        +++ /dev/null
        @@ -1 +0,0 @@
        -x
        """

    @Test func `a patch is read into files, hunks and lines`() throws {
        let files = Patch(Self.patch).files
        #expect(files.map(\.path) == ["src/a.txt", "new name", "gone"])
        #expect(files.map(\.notes) == [[], ["renamed from old name"], ["deleted"]])
        #expect(files.map(\.insertions) == [3, 0, 0])
        #expect(files.map(\.deletions) == [2, 0, 1])
        #expect(files[0].hunks.map(\.lines.count) == [4, 4])
        // A removed line that begins like a header is a line.
        #expect(files[0].hunks[0].lines.map(\.text) == ["one", "-- two", "++ two", "three"])
        #expect(files[0].hunks[1].lines.map(\.old) == [10, nil, nil, nil])
        #expect(files[0].hunks[1].lines.map(\.new) == [nil, 10, 11, nil])
        #expect(files[0].hunks[1].lines.last?.kind == .note)
    }

    @Test(arguments: [
        "", "no patch at all", "@@ -1 +1 @@\n+x", "diff --git a/x b/x\n@@ -1,99999999999999999999 +1 @@\n+x",
        "diff --git a/x b/x\n@@ -1,5 +1,5 @@\n",
    ])
    func `what is no patch is no crash`(_ text: String) { #expect(Patch(text).files.count <= 1) }

    @Test func `a view says what it holds`() {
        let view = DiffView(patch: Self.patch, base: "0123456789abcdef", head: "fedcba9876543210")
        #expect(view.summary == "3 files, +3 −3")
        #expect(view.base == "0123456789ab")
        #expect(view.note == nil)
        #expect(view.files.map(\.cut) == [nil, nil, nil])
    }

    @Test func `a huge patch is cut, and says so`() throws {
        let lines = String(repeating: "+x\n", count: 4000)
        let file = { (name: String) in
            "diff --git a/\(name) b/\(name)\n--- a/\(name)\n+++ b/\(name)\n@@ -0,0 +1,4000 @@\n\(lines)"
        }
        let view = DiffView(patch: (0..<6).map { file("f\($0)") }.joined(), base: "", head: "")
        #expect(view.files[0].cut == "2,500 further lines not shown")
        let shown = try view.files.map { try Markup($0.lines.html).elements.filter { $0["class"] == "add" }.count }
        #expect(shown == [1500, 1500, 1500, 1500, 0, 0])
        let many = DiffView(patch: (0..<400).map { "diff --git a/f\($0) b/f\($0)\n" }.joined(), base: "", head: "")
        #expect(many.files.count == 300)
        #expect(many.note == "100 further files not shown.")
    }

    @Test func `a line that is too long is cut`() {
        let patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+\(String(repeating: "é", count: 3000))"
        let html = DiffView(patch: patch, base: "", head: "").files[0].lines.html
        #expect(html.utf8.count < 1400)
        #expect(html.contains("é…"))
    }

    @Test func `each side of a change has its own open comment`() throws {
        let patch = """
            diff --git a/a.c b/a.c
            --- a/a.c
            +++ b/a.c
            @@ -1,3 +1,2 @@
            -/* open
             int a;
            -*/
            +int b;
            """
        let html = DiffView(patch: patch, base: "", head: "").files[0].lines.html
        #expect(html.contains("<span class=\"c\">/* open</span>"))
        #expect(html.contains("<span class=\"k\">int</span> a;"))
        #expect(html.contains("<span class=\"c\">*/</span>"))
    }
}
