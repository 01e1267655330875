import DequeModule

/// Keeps the beginning and the end of a long output and counts what lies between.
package struct OutputWindow: Sendable {
    private let size: Int
    private var head: [UInt8] = []
    private var tail: Deque<UInt8> = []
    /// How many bytes came.
    package private(set) var total = 0

    /// Keeps `size` bytes at each end.
    package init(size: Int) { self.size = max(1, size) }

    /// How many bytes are not kept.
    package var cut: Int { max(0, total - head.count - tail.count) }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        let forHead = min(size - head.count, bytes.count)
        head.append(contentsOf: bytes.prefix(forHead))
        let forTail = bytes.dropFirst(forHead).suffix(size)
        tail.removeFirst(max(0, tail.count + forTail.count - size))
        tail.append(contentsOf: forTail)
    }

    /// The kept text, with a note where bytes were cut.
    package var text: String {
        guard cut > 0 else { return String(decoding: head + tail, as: UTF8.self) }
        return String(decoding: head, as: UTF8.self) + "\n[... \(cut) bytes of output cut ...]\n"
            + String(decoding: tail, as: UTF8.self)
    }
}
