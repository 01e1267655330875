import Foundations
import Testing

@Suite struct OutputWindowTests {
    /// What a window of four bytes at each end keeps of `text` that comes in pieces.
    private func window(_ text: String, pieces: Int) -> OutputWindow {
        var window = OutputWindow(size: 4)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            rest.prefix(pieces).withUnsafeBytes { window.append($0) }
            rest = rest.dropFirst(pieces)
        }
        return window
    }

    @Test(arguments: 1...12) func `the beginning and the end are kept, in whatever pieces they come`(_ pieces: Int) {
        for (text, kept) in [("", ""), ("abc", "abc"), ("abcdefgh", "abcdefgh")] {
            #expect(window(text, pieces: pieces).text == kept)
            #expect(window(text, pieces: pieces).cut == 0)
        }
        let long = window("abcdefghijkl", pieces: pieces)
        #expect(long.text == "abcd\n[... 4 bytes of output cut ...]\nijkl")
        #expect(long.total == 12 && long.cut == 4)
    }
}
