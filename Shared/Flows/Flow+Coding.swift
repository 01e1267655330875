import Contracts

/// As the record keeps it: short, as it is read with each change of the workflow.
extension Flow.Edge: Codable {
    private enum CodingKeys: String, CodingKey {
        case to, approval, most, afresh, end
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let end = try fields.decodeIfPresent(TerminalStatus.self, forKey: .end)
        if let next = try fields.decodeIfPresent(Stage.self, forKey: .afresh) {
            self = .afresh(next)
        } else if let next = try fields.decodeIfPresent(Stage.self, forKey: .to) {
            let most = try fields.decodeIfPresent(Int.self, forKey: .most)
            let approval = try fields.decodeIfPresent(String.self, forKey: .approval)
            self = .step(next, approval: approval)
            if let most, let end { self = .round(next, most: most, otherwise: end) }
        } else if let end {
            self = .end(end)
        } else {
            throw DecodingError.dataCorruptedError(forKey: .to, in: fields, debugDescription: "an edge leads somewhere")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .step(let next, let approval):
            try fields.encode(next, forKey: .to)
            try fields.encodeIfPresent(approval, forKey: .approval)
        case .round(let next, let most, let otherwise):
            try fields.encode(next, forKey: .to)
            try fields.encode(most, forKey: .most)
            try fields.encode(otherwise, forKey: .end)
        case .afresh(let next):
            try fields.encode(next, forKey: .afresh)
        case .end(let status):
            try fields.encode(status, forKey: .end)
        }
    }
}
