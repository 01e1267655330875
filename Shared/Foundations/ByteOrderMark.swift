extension Sequence where Element == UInt8 {
    /// The bytes of a text in UTF-8 without the byte order mark that it may begin with.
    package var withoutMark: ArraySlice<UInt8> {
        let bytes = Array(self)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    }
}
