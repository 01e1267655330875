import Foundations

/// A text in the format of Prometheus (version 0.0.4), read strictly: with the rules that `promtool check metrics`
/// knows besides those of the format.
package struct Exposition: Sendable {
    /// What is wrong with a text.
    package struct Malformed: Error, CustomStringConvertible {
        package let line: String
        package let reason: String

        package var description: String { "\(reason): \(line)" }
    }

    /// One metric with its series.
    package struct Family: Sendable {
        package let name: String
        package let help: String
        package let type: String
        /// Values by name and labels, as they are printed.
        package fileprivate(set) var samples: [String: Double] = [:]
    }

    package private(set) var families: [String: Family] = [:]

    /// Throws ``Malformed``.
    package init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "", reason: "no line end at the end") }
        var current: Family?
        var help: (name: String, text: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) {
            if let match = line.wholeMatch(of: #/# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/#) {
                help = (String(match.1), String(match.2))
            } else if let match = line.wholeMatch(of: #/# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/#) {
                try keep(current)
                guard let (name, text) = help, name == match.1 else { throw Malformed(line: line, reason: "no help") }
                current = Family(name: name, help: text, type: String(match.2))
            } else if current != nil {
                try current?.add(line)
            } else {
                throw Malformed(line: line, reason: "a sample before its type")
            }
        }
        try keep(current)
    }

    /// The sum of a metric's series whose labels hold every one of `labels`, such as `kind="plan"`; of a histogram, how
    /// many values it counted.
    package func total(_ name: String, _ labels: String...) -> Double {
        guard let family = families[name] else { return 0 }
        let sample = family.type == "histogram" ? "\(name)_count" : name
        return family.samples.filter { key, _ in
            (key == sample || key.hasPrefix(sample + "{")) && labels.allSatisfy(key.contains)
        }.values.reduce(0, +)
    }

    private mutating func keep(_ family: Family?) throws {
        guard let family else { return }
        try family.check()
        guard families.updateValue(family, forKey: family.name) == nil else {
            throw Malformed(line: family.name, reason: "a metric twice")
        }
    }
}

extension Exposition.Family {
    fileprivate mutating func add(_ line: String) throws {
        let label = #/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"/#
        let sample = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? ([-+.0-9eEinfNa]+)/#
        guard let match = line.wholeMatch(of: sample), let value = Double(String(match.3)) else {
            throw Exposition.Malformed(line: line, reason: "no sample")
        }
        let (own, labels) = (String(match.1), match.2.map { String($0.dropFirst().dropLast()) } ?? "")
        let suffixes = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { name + $0 == own }) else {
            throw Exposition.Malformed(line: line, reason: "not of \(name)")
        }
        let rest = labels.replacing(label, with: "")
        guard rest.allSatisfy({ $0 == "," }), rest.count == max(0, labels.matches(of: label).count - 1) else {
            throw Exposition.Malformed(line: line, reason: "bad labels")
        }
        let key = own + (match.2.map(String.init) ?? "")
        guard samples.updateValue(value, forKey: key) == nil else {
            throw Exposition.Malformed(line: line, reason: "a series twice")
        }
    }

    fileprivate func check() throws {
        func expect(_ isTrue: Bool, _ reason: String) throws {
            guard isTrue else { throw Exposition.Malformed(line: name, reason: reason) }
        }
        try expect(name.hasSuffix("_total") == (type == "counter"), "counters, and they alone, end with _total")
        try expect(name.wholeMatch(of: #/[a-z_]+/#) != nil, "a name in snake case")
        try expect(name.firstMatch(of: #/_(ms|sec|secs|minutes|hours|kb|mb|kilobytes)(_|$)/#) == nil, "base units")
        try expect(type == "gauge" || samples.values.allSatisfy { $0 >= 0 }, "a negative count")
        guard type == "histogram" else { return }
        for (key, count) in samples where key.hasPrefix(name + "_count") {
            let labels = key.dropFirst(name.count + "_count".count).dropFirst().dropLast()
            let buckets = samples.filter { $0.key.hasPrefix("\(name)_bucket{\(labels)") }
            let last = buckets.filter { $0.key.contains(#"le="+Inf""#) }
            try expect(last.values.contains(count), "the last bucket counts all")
            try expect(buckets.values.allSatisfy { $0 <= count }, "a bucket counts more than all")
        }
    }
}
