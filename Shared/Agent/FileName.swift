import Glibc

/// The name of a file in its folder: its bytes, and how a model is told of it.
package struct FileName: Sendable, Hashable {
    /// With a zero at the end.
    let bytes: [CChar]
    /// Bytes that are not UTF-8 stand in it as `\xNN`.
    package let text: String

    init(_ name: UnsafePointer<CChar>) {
        bytes = Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
        let raw = bytes.dropLast().map { UInt8(bitPattern: $0) }
        text = Self.text(raw) { "\\x" + String($0, radix: 16, uppercase: true) }
    }

    init(_ text: String) {
        bytes = Array(text.utf8CString)
        self.text = text
    }

    /// Whether a model that gives `name` may mean this file: composed characters or not, escaped bytes or replaced ones.
    func isMeant(by name: String) -> Bool {
        if text == name { return true }
        guard name.unicodeScalars.contains("\u{FFFD}") else { return false }
        return Self.text(bytes.dropLast().map { UInt8(bitPattern: $0) }) { _ in "\u{FFFD}" } == name
    }

    /// Whether a name is one that may be spelt otherwise in the folder.
    static func isAmbiguous(_ name: String) -> Bool {
        name.utf8.contains { $0 >= 0x80 } || name.contains("\\x")
    }

    private static func text(_ raw: [UInt8], broken: (UInt8) -> String) -> String {
        var text = String.UnicodeScalarView()
        raw.withUnsafeBufferPointer { bytes in
            TextEncoding.utf8.forEachScalar(in: bytes, 0..<bytes.count) { value, place in
                if let scalar = Unicode.Scalar(value) {
                    text.append(scalar)
                } else {
                    text.append(contentsOf: broken(bytes[place]).unicodeScalars)
                }
            }
        }
        return String(text)
    }
}
