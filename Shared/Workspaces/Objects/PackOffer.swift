import Foundations

/// The answer of a planner that has the objects: what can be fetched, and where. It comes from the bus, so every figure
/// is checked before it is used.
struct PackOffer {
    /// The largest pack, in bytes.
    static let maximumBytes = 1 << 30
    /// The most requests that a pack may take.
    private static let maximumChunks = 1 << 16

    let transfer: String
    let chunksSubject: String
    let bytes: Int
    let chunkBytes: Int
    let sha256: String

    /// `nil` if it is no offer, or of more than can be.
    init?(_ fields: [String: JSONValue]) {
        guard let transfer = fields["transfer"]?.stringValue, transfer.utf8.count <= 64,
            let chunksSubject = fields["chunks_subject"]?.stringValue,
            let bytes = fields["bytes"]?.intValue, (0...Self.maximumBytes).contains(bytes),
            let chunkBytes = fields["chunk_bytes"]?.intValue, (1...Self.maximumBytes).contains(chunkBytes),
            let sha256 = fields["sha256"]?.stringValue
        else { return nil }
        self.transfer = transfer
        self.chunksSubject = chunksSubject
        self.bytes = bytes
        self.chunkBytes = chunkBytes
        self.sha256 = sha256
        guard chunks <= Self.maximumChunks else { return nil }
    }

    var chunks: Int { (bytes + chunkBytes - 1) / chunkBytes }

    /// The size of the chunk of that number, in bytes.
    func size(of chunk: Int) -> Int { min(chunkBytes, bytes - chunk * chunkBytes) }
}
