/// Keeps the beginning and the end of a long output and counts what lies between.
package struct OutputWindow: Sendable {
    private let size: Int
    private var head: [UInt8] = []
    /// A ring once it is full: `tailStart` is its oldest byte.
    private var tail: [UInt8] = []
    private var tailStart = 0
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
        for byte in bytes.dropFirst(forHead).suffix(size) { appendToTail(byte) }
    }

    private mutating func appendToTail(_ byte: UInt8) {
        if tail.count < size {
            tail.append(byte)
        } else {
            tail[tailStart] = byte
            tailStart = (tailStart + 1) % size
        }
    }

    /// The kept text, with a note where bytes were cut.
    package var text: String {
        let end = Array(tail[tailStart...]) + Array(tail[..<tailStart])
        guard cut > 0 else { return String(decoding: head + end, as: UTF8.self) }
        return String(decoding: head, as: UTF8.self) + "\n[... \(cut) bytes of output cut ...]\n"
            + String(decoding: end, as: UTF8.self)
    }
}
