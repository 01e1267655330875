import FoundationEssentials

/// The parameters of one statement as libpq wants them: parallel arrays of pointers, lengths and formats.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []

    /// Throws ``DatabaseError/Code/invalidParameter`` for a value that has no form in SQL.
    init(_ parameters: [SQLParameter]) throws(DatabaseError) {
        guard parameters.count <= 65_535 else {
            throw DatabaseError(.invalidParameter, "more than 65535 parameters in one statement")
        }
        for (index, parameter) in parameters.enumerated() { try append(parameter.payload, number: index + 1) }
    }

    private mutating func append(_ payload: SQLParameter.Payload, number: Int) throws(DatabaseError) {
        let start = bytes.count
        switch payload {
        case .null: break
        case .text(let text): bytes += text.utf8
        case .binary(let data): bytes += data
        case .invalid(let reason): throw DatabaseError(.invalidParameter, "parameter $\(number) is \(reason)")
        }
        if case .text = payload, bytes[start...].contains(0) {
            throw DatabaseError(.invalidParameter, "parameter $\(number) holds a NUL character")
        }
        guard let length = Int32(exactly: bytes.count - start) else {
            throw DatabaseError(.invalidParameter, "parameter $\(number) is longer than 2 GiB")
        }
        offsets.append(payload == .null ? nil : start)
        lengths.append(length)
        if case .binary = payload { formats.append(1) } else { formats.append(0) }
        bytes.append(0)
    }

    /// Lends the pointers, which are valid inside `body` only.
    func withPointers<Result>(_ body: ([UnsafePointer<CChar>?]) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            return try body(offsets.map { offset in offset.flatMap { offset in base.map { $0 + offset } } })
        }
    }
}
