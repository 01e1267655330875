import Foundation
import Testing

@testable import GatewayPages

/// What the style sheet and the script keep to.
@Suite struct StyleSheetTests {
    private static let sheet = String(decoding: Asset.styleSheet.bytes, as: UTF8.self)
    private static let script = String(decoding: Asset.script.bytes, as: UTF8.self)

    /// The variables of the light and of the dark scheme.
    private static let schemes: [(name: String, colors: [String: String])] = {
        let blocks = sheet.matches(of: #/:root \{([^}]*)\}/#).map { String($0.1) }
        return zip(["light", "dark"], blocks).map { name, block in
            let colors = block.matches(of: #/--([\w-]+): (#[0-9a-f]{6});/#).map { (String($0.1), String($0.2)) }
            return (name, Dictionary(colors, uniquingKeysWith: { $1 }))
        }
    }()

    /// WCAG 2.2, 1.4.3.
    private static func contrast(_ one: String, _ other: String) -> Double {
        let lights = [one, other].map(luminance).sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    private static func luminance(_ color: String) -> Double {
        let number = Int(color.dropFirst(), radix: 16) ?? 0
        let parts = [number >> 16, number >> 8 & 255, number & 255].map { part -> Double in
            let value = Double(part) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    @Test(arguments: schemes.map(\.name))
    func `every text colour is readable on every ground`(_ scheme: String) throws {
        let colors = try #require(Self.schemes.first { $0.name == scheme }).colors
        let grounds = colors.filter { $0.key.hasPrefix("ground-") }
        #expect(grounds.count >= 8)
        for (text, color) in colors where text.hasPrefix("text-") {
            for (ground, below) in grounds {
                #expect(Self.contrast(color, below) >= 4.5, "--\(text) on --\(ground): \(Self.contrast(color, below))")
            }
        }
        let fill = try #require(colors["on-fill"])
        for (name, color) in colors where name.hasPrefix("fill-") {
            #expect(Self.contrast(fill, color) >= 4.5, "--on-fill on --\(name)")
        }
    }

    @Test(arguments: schemes.map(\.name))
    func `edges of controls, the focus and marks stand out from the ground`(_ scheme: String) throws {
        let colors = try #require(Self.schemes.first { $0.name == scheme }).colors
        for (edge, color) in colors where edge.hasPrefix("edge-") || edge.hasPrefix("fill-") {
            for ground in ["ground-page", "ground-card"] {
                let below = try #require(colors[ground])
                #expect(Self.contrast(color, below) >= 3, "--\(edge) on --\(ground): \(Self.contrast(color, below))")
            }
        }
    }

    @Test func `both schemes have the same colours`() {
        #expect(Self.schemes.count == 2)
        #expect(Set(Self.schemes[0].colors.keys) == Set(Self.schemes[1].colors.keys))
        // Outside of the two blocks no colour is named, but shades and what is not seen.
        let rest = Self.sheet.replacing(#/:root \{[^}]*\}/#, with: "")
        #expect(rest.firstMatch(of: #/#[0-9a-f]{3,8}\b/#) == nil)
    }

    @Test func `the style sheet loads nothing, and honours who wants no motion`() {
        #expect(Self.sheet.firstMatch(of: #/@import|url\(|@font-face/#) == nil)
        #expect(Self.sheet.contains("prefers-reduced-motion"))
    }

    @Test func `every class of a page has a rule or a use`() throws {
        // Named for the script, for people who look at the page, or for what follows from another class.
        let bare: Set = [
            "grow", "level", "service", "message", "text", "value", "hit", "source", "state", "now", "when", "cost",
            "set", "who", "same", "diff", "search",
        ]
        for (name, html) in Samples.plain {
            let classes = try Set(
                Markup(html).elements.flatMap { ($0["class"] ?? "").split(separator: " ").map(String.init) })
            for one in classes.subtracting(bare) where Self.sheet.firstMatch(of: try Regex("\\.\(one)\\b")) == nil {
                Issue.record("\(name): .\(one)")
            }
        }
    }

    @Test func `the script makes no markup of texts and stays small`() {
        #expect(
            Self.script.firstMatch(
                of: #/innerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|https?:\/\//#) == nil)
        #expect(Self.script.count(where: \.isNewline) <= 180)
        #expect(Self.sheet.utf8.count + Self.script.utf8.count < 48 << 10)
    }

    @Test func `the policy of a page allows no code and no style in it, and no other host`() {
        let policy = PageHeaders.contentSecurityPolicy
        #expect(policy.hasPrefix("default-src 'none'"))
        #expect(policy.firstMatch(of: #/unsafe|https?:|\*|data:/#) == nil)
        #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
    }
}
