/// A pattern of paths: `*` and `?` within a name, `**` over folders, `[a-z]`, `{a,b}`.
///
/// A pattern without `/` is matched against the last name of a path, wherever it lies.
package struct Glob: Sendable, Hashable {
    private let alternatives: [[[Character]]]

    package init(_ pattern: String) {
        alternatives = Self.expand(Array(pattern.prefix(1000))).prefix(64).map { characters in
            let trimmed = characters.starts(with: ["/"]) ? Array(characters.dropFirst()) : characters
            let names = trimmed.split(separator: "/").map(Array.init)
            return trimmed.contains("/") ? names : [["*", "*"]] + names
        }
    }

    /// Whether `path`, relative and with `/` between its names, matches.
    package func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/").map { Array($0) }
        return alternatives.contains { Self.matches($0[...], names[...]) }
    }

    private static func matches(_ pattern: ArraySlice<[Character]>, _ names: ArraySlice<[Character]>) -> Bool {
        // Greedy with one point to come back to: linear in both, unlike plain recursion.
        var (p, n) = (pattern.startIndex, names.startIndex)
        var mark: (pattern: Int, name: Int)?
        while n < names.endIndex {
            if p < pattern.endIndex, pattern[p] == ["*", "*"] {
                mark = (p + 1, n)
                p += 1
            } else if p < pattern.endIndex, matchesName(pattern[p], names[n]) {
                (p, n) = (p + 1, n + 1)
            } else if let last = mark {
                mark = (last.pattern, last.name + 1)
                (p, n) = (last.pattern, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == ["*", "*"] }
    }

    private static func matchesName(_ pattern: [Character], _ name: [Character]) -> Bool {
        var (p, n) = (0, 0)
        var mark: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                mark = (p + 1, n)
                p += 1
            } else if p < pattern.count, let width = matchOne(pattern[p...], name[n]) {
                (p, n) = (p + width, n + 1)
            } else if let last = mark {
                mark = (last.pattern, last.name + 1)
                (p, n) = (last.pattern, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// How many characters of the pattern match the one of the name; `nil` if they do not.
    private static func matchOne(_ pattern: ArraySlice<Character>, _ character: Character) -> Int? {
        let start = pattern.startIndex
        if pattern[start] == "[", let end = pattern.dropFirst(2).firstIndex(of: "]") {
            return matchesClass(pattern[(start + 1)..<end], character) ? end - start + 1 : nil
        }
        return pattern[start] == "?" || pattern[start] == character ? 1 : nil
    }

    private static func matchesClass(_ members: ArraySlice<Character>, _ character: Character) -> Bool {
        let negated = members.first == "!" || members.first == "^"
        let members = Array(negated ? members.dropFirst() : members)
        var found = false
        var index = 0
        while index < members.count {
            if index + 2 < members.count, members[index + 1] == "-" {
                found = found || (members[index] <= character && character <= members[index + 2])
                index += 3
            } else {
                found = found || members[index] == character
                index += 1
            }
        }
        return found != negated
    }

    private static func expand(_ pattern: [Character], budget: Int = 6) -> [[Character]] {
        guard budget > 0, let open = pattern.firstIndex(of: "{"),
            let close = pattern[open...].firstIndex(of: "}")
        else { return [pattern] }
        let choices = pattern[(open + 1)..<close].split(separator: ",", omittingEmptySubsequences: false)
        let ends = expand(Array(pattern[(close + 1)...]), budget: budget - 1)
        return choices.prefix(16).flatMap { choice in ends.map { pattern[..<open] + choice + $0 } }
    }
}
