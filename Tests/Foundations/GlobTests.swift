import Foundation
import Foundations
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct GlobTests {
    @Test(arguments: [
        ("*.swift", "a/b/c.swift", true), ("*.swift", "c.swift", true), ("*.swift", "c.swift/d", false),
        ("src/**/*.ts", "src/x.ts", true), ("src/**/*.ts", "src/a/b/x.ts", true), ("src/**/*.ts", "srca/x.ts", false),
        ("{a,b}.json", "deep/b.json", true), ("{a,b}.json", "c.json", false), ("a/**", "a", true),
        ("a/**", "ab", false),
        ("a/**", "a/b/c", true), ("**", "a/b", true), ("**/x", "x", true), ("**/x", "a/b/x", true), ("/a", "a", true),
        ("a?c", "a\u{E4}c", true), ("a?c", "a/c", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
        ("{*.py,src/*.js}", "deep/x.py", true), ("{*.py,src/*.js}", "src/x.js", true),
        ("{*.py,src/*.js}", "deep/src/x.js", false), ("{a,{b,c/d}}", "x/b", true), ("{a,{b,c/d}}", "c/d", true),
        ("{a,{b,c/d}}", "x/c/d", false), ("{**,a}/b", "x/y/b", true), ("{src/,lib/}**/*.c", "lib/x/y/z.c", true),
        ("a{b", "a{b", true), ("a}b", "a}b", true), ("a,b", "a,b", true), ("{a,b", "{a,b", true),
        ("[a/b]", "[a/b]", true),
        ("a//b/", "a/b", true), ("", "a", false),
    ])
    func `a pattern matches what it says`(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try #require(Glob(pattern)).matches(path) == expected)
    }

    @Test func `what matches is what one of the alternatives, written out, matches`() throws {
        var random = SeededNumbers(seed: 7)
        var matched = 0
        for _ in 0..<3000 {
            let pattern = Self.pattern(&random, depth: 2)
            let path = (0...Int.random(in: 0...3, using: &random)).map { _ in Self.name(&random) }.joined(
                separator: "/")
            let expected = ReferenceGlob.matches(pattern, path)
            #expect(try #require(Glob(pattern)).matches(path) == expected, "\(pattern) \(path)")
            matched += expected ? 1 : 0
        }
        #expect(matched > 250)
    }

    @Test(arguments: [
        String(repeating: "{a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p}", count: 6), String(repeating: "{", count: 900),
        String(repeating: "{a,", count: 200) + "b" + String(repeating: "}", count: 200),
        String(repeating: "*a", count: 400) + "b", String(repeating: "**/", count: 300) + "b",
        String(repeating: "{*,**}/", count: 140) + "b", String(repeating: "{a*,*a}", count: 140) + "b",
    ])
    func `no pattern is slow`(_ pattern: String) throws {
        let glob = try #require(Glob(pattern))
        let paths = [
            String(repeating: "a", count: 255), String(repeating: "a/", count: 120) + "a", "b",
            String(repeating: "a", count: 4096),
        ]
        let start = ContinuousClock.now
        for path in paths { _ = glob.matches(path) }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `brackets that nothing closes cost no more than other characters`() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 200_000)
        #expect(IgnoreGlob(text).matches(text[...]))
        #expect(IgnoreGlob("[ab]*[c".utf8).matches(Array("bx[c".utf8)[...]))
    }

    @Test func `a pattern beyond the limit is none, and nothing matches a path that no system has`() throws {
        #expect(Glob(String(repeating: "a", count: Glob.maximumBytes + 1)) == nil)
        #expect(try #require(Glob("**")).matches(String(repeating: "a", count: 4097)) == false)
    }

    private static func name(_ random: inout SeededNumbers) -> String {
        ["a", "b", "ab", "ba", "aab", "x"][Int.random(in: 0..<6, using: &random)]
    }

    /// Names between slashes, some of them `**`, some with braces that hold names, slashes and nothing.
    private static func pattern(_ random: inout SeededNumbers, depth: Int) -> String {
        (0...Int.random(in: 0...2, using: &random)).map { _ -> String in
            switch Int.random(in: 0..<8, using: &random) {
            case 0: "**"
            case 1: "*"
            case 2: "?" + name(&random)
            case 3: "[a-b]*"
            case 4,
                5 where depth > 0:
                name(&random) + "{"
                    + (0...Int.random(in: 0...2, using: &random)).map { _ in
                        Int.random(in: 0..<5, using: &random) == 0
                            ? "" : name(&random) + pattern(&random, depth: depth - 1)
                    }.joined(separator: ",") + "}"
            default: name(&random)
            }
        }.joined(separator: "/")
    }
}

/// Globs by the plainest means: alternatives written out, names compared by recursion.
private enum ReferenceGlob {
    static func matches(_ pattern: String, _ path: String) -> Bool {
        let names = path.split(separator: "/").map(Array.init)
        return expand(Array(pattern)).contains { alternative in
            guard alternative.contains("/") else { return name(alternative[...], names[names.count - 1][...]) }
            return folders(alternative.split(separator: "/").map(Array.init)[...], names[...])
        }
    }

    private static func expand(_ pattern: [Character]) -> [[Character]] {
        guard let open = pattern.firstIndex(of: "{") else { return [pattern] }
        var depth = 0
        var starts = [open + 1]
        for index in open..<pattern.count {
            if pattern[index] == "{" { depth += 1 }
            if pattern[index] == ",", depth == 1 { starts.append(index + 1) }
            if pattern[index] == "}" { depth -= 1 }
            guard depth == 0 else { continue }
            let ends = starts.dropFirst().map { $0 - 1 } + [index]
            return zip(starts, ends).flatMap { start, end in
                expand(Array([pattern[..<open], pattern[start..<end], pattern[(index + 1)...]].joined()))
            }
        }
        return [pattern]
    }

    private static func folders(_ pattern: ArraySlice<[Character]>, _ names: ArraySlice<[Character]>) -> Bool {
        guard let first = pattern.first else { return names.isEmpty }
        if first == ["*", "*"] {
            return folders(pattern.dropFirst(), names) || (!names.isEmpty && folders(pattern, names.dropFirst()))
        }
        guard let own = names.first, name(first[...], own[...]) else { return false }
        return folders(pattern.dropFirst(), names.dropFirst())
    }

    private static func name(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return name(pattern.dropFirst(), text) || (!text.isEmpty && name(pattern, text.dropFirst()))
        }
        guard let own = text.first else { return false }
        if first == "[" { return "ab".contains(own) && name(pattern.dropFirst(5), text.dropFirst()) }
        return (first == "?" || first == own) && name(pattern.dropFirst(), text.dropFirst())
    }
}
