import CGit2

/// The objects of a small pack that holds each of them whole, as checkpoints do.
///
/// What else there is in packs is for git's own program, whose memory is bounded: a delta of a few bytes can stand for
/// gigabytes.
struct WholeObjects {
    struct Object {
        /// The number that packs have for its type.
        let kind: UInt8
        let bytes: [UInt8]

        var type: git_object_t { git_object_t(Int32(kind)) }
    }

    private static let (mostObjects, mostPackBytes, mostBytes) = (200, 128 << 10, 1 << 20)
    private static let (headerBytes, checksumBytes) = (12, 20)

    private let pack: UnsafeRawBufferPointer
    private let end: Int
    private var position = WholeObjects.headerBytes
    private var left = WholeObjects.mostBytes

    /// The objects of `pack`; `nil` if it is not such a pack. Its checksum is not looked at: the objects are named by
    /// their bytes.
    static func read(_ pack: UnsafeRawBufferPointer) -> [Object]? {
        let sizes = headerBytes + checksumBytes...mostPackBytes
        guard sizes.contains(pack.count), pack.starts(with: [80, 65, 67, 75, 0, 0, 0, 2]) else { return nil }
        let count = pack[8..<headerBytes].reduce(0) { $0 << 8 | Int($1) }
        guard count < mostObjects else { return nil }
        var objects = WholeObjects(pack)
        var all: [Object] = []
        for _ in 0..<count {
            guard let object = objects.next() else { return nil }
            all.append(object)
        }
        return objects.position == objects.end ? all : nil
    }

    private init(_ pack: UnsafeRawBufferPointer) {
        self.pack = pack
        end = pack.count - Self.checksumBytes
    }

    private mutating func next() -> Object? {
        guard let (kind, size) = head(), size <= left, let start = pack.baseAddress else { return nil }
        var taken = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            taken = automata_inflate(
                (start + position).assumingMemoryBound(to: UInt8.self), end - position, buffer.baseAddress, size)
            count = taken > 0 ? size : 0
        }
        guard taken > 0 else { return nil }
        position += taken
        left -= size
        return Object(kind: kind, bytes: bytes)
    }

    /// The kind and the size of the object that begins here: a commit, a folder or a file.
    private mutating func head() -> (kind: UInt8, size: Int)? {
        guard var byte = nextByte() else { return nil }
        let kind = byte >> 4 & 7
        guard 1...3 ~= kind else { return nil }
        var (size, shift) = (Int(byte & 15), 4)
        while byte & 128 != 0 {
            guard shift < 32, let more = nextByte() else { return nil }
            byte = more
            size |= Int(byte & 127) << shift
            shift += 7
        }
        return (kind, size)
    }

    private mutating func nextByte() -> UInt8? {
        guard position < end else { return nil }
        defer { position += 1 }
        return pack[position]
    }
}
