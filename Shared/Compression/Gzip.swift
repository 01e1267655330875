import CZlib
import FoundationEssentials

/// Bytes as gzip (RFC 1952), by zlib.
package enum Gzip {
    /// zlib refused; with its code.
    package struct Failure: Error, Hashable {
        package let code: Int32
    }

    /// Fast rather than small: what is compressed is sent once.
    private static let level: Int32 = 4
    /// A window of 32 KiB, with the head and tail of gzip.
    private static let windowBits: Int32 = 15 + 16
    private static let memoryLevel: Int32 = 8

    /// The bytes, compressed.
    package static func compress(_ data: Data) throws(Failure) -> Data {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw Failure(code: status) }
        defer { deflateEnd(&stream) }
        // As much as it can become at the most: it is done in one step.
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(data.count))))
        var input = [UInt8](data)
        let code = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { throw Failure(code: code) }
        return Data(output.prefix(Int(stream.total_out)))
    }
}
