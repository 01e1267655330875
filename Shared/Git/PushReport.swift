/// What `git push --porcelain` says about one ref: `<flag> TAB <from>:<to> TAB <summary>`.
enum PushReport: Equatable {
    case done(PushOutcome)
    case rejected(String)
    /// git failed before it came to the ref.
    case unknown

    init(_ output: String, ref: RefName) {
        self = .unknown
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count >= 3, parts[1].hasSuffix(":\(ref.full)") else { continue }
            switch parts[0] {
            case "=": self = .done(.alreadyThere)
            case "!": self = .rejected(String(parts[2]))
            default: self = .done(.pushed)
            }
        }
    }
}
