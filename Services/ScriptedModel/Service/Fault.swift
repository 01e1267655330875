import Foundations

/// What goes wrong in place of an answer.
package enum Fault: Sendable, Equatable {
    /// An error answer with this HTTP status; `retryAfter` in seconds becomes the header `Retry-After`.
    case status(Int, retryAfter: Double?)
    /// The connection is closed in the middle of the answer.
    case cut
    /// The answer stops in the middle, and the connection stays open.
    case stall
    /// Nothing is answered, and the connection stays open.
    case hang
    /// The answer is not JSON.
    case garbage
    /// Bytes in place of the answer.
    case raw(RawAnswer)

    /// The name in the witness log.
    var name: String {
        switch self {
        case .status(let code, _): "status \(code)"
        case .cut: "cut"
        case .stall: "stall"
        case .hang: "hang"
        case .garbage: "garbage"
        case .raw(let answer): "raw \(answer.status)"
        }
    }
}

/// Faults that hit a share of all requests at random.
///
/// Whether one hits depends on the seed, the request and how often the request came, so a run can be repeated, and a
/// client that tries again gets through.
package struct RandomFaults: Sendable, Decodable {
    /// A kind of fault, as scripts name it.
    package enum Kind: String, Sendable, Decodable, CaseIterable {
        case rateLimited = "rate_limited"
        case serverError = "server_error"
        case cut, stall, hang, garbage

        var fault: Fault {
            switch self {
            case .rateLimited: .status(429, retryAfter: 0)
            case .serverError: .status(503, retryAfter: nil)
            case .cut: .cut
            case .stall: .stall
            case .hang: .hang
            case .garbage: .garbage
            }
        }
    }

    /// The share of requests that are hit, 0…1.
    package var rate: Double
    package var seed: UInt64
    package var kinds: [Kind]

    enum CodingKeys: String, CodingKey, CaseIterable { case rate, seed, kinds }

    package init(rate: Double, seed: UInt64, kinds: [Kind] = [.rateLimited, .serverError, .cut, .garbage]) {
        self.rate = rate
        self.seed = seed
        self.kinds = kinds
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let rate = try values.decode(Double.self, forKey: .rate)
        guard (0...1).contains(rate) else { throw ScriptError("rate: expected 0…1", at: decoder.codingPath) }
        let seed = try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? 1
        let kinds = try values.decodeIfPresent([Kind].self, forKey: .kinds)
        self = kinds.map { RandomFaults(rate: rate, seed: seed, kinds: $0) } ?? RandomFaults(rate: rate, seed: seed)
    }

    /// The fault that hits the request with this hash when it comes for the `attempt`th time, if any.
    func fault(hash: UInt64, attempt: Int) -> Fault? {
        guard !kinds.isEmpty else { return nil }
        let random = Hash.mix(seed ^ Hash.mix(hash &+ UInt64(attempt)))
        guard Double(random >> 11) / Double(1 << 53) < rate else { return nil }
        return kinds[Int(Hash.mix(random) % UInt64(kinds.count))].fault
    }
}
