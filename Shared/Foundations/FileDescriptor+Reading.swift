import SystemPackage

extension FileDescriptor {
    /// What follows in an open file, up to its end or `limit` bytes.
    package func bytes(upTo limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let size = min(limit - bytes.count, 64 << 10)
            let more = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = try read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }
}
