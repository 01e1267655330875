import Foundation
import Testing

@testable import GatewayPages

/// What the templates may hold.
@Suite struct TemplateTests {
    @Test func `every template can be read`() { #expect(Templates.loaded.faults == []) }

    @Test func `what goes in as markup is named html, and nothing else is`() {
        for (name, text) in Templates.texts {
            #expect(!text.contains("{{&"), "\(name)")
            for tag in text.matches(of: #/\{\{\{([^}]*)\}\}\}/#) {
                #expect(tag.1.hasSuffix(".html"), "\(name): \(tag.0)")
            }
        }
    }

    @Test func `a partial stands at the beginning of its line, so that it is not indented, or within one`() {
        for (name, text) in Templates.texts {
            #expect(text.firstMatch(of: #/(?m)^[ \t]+\{\{>/#) == nil, "\(name)")
        }
    }

    @Test func `every attribute is quoted`() {
        for (name, text) in Templates.texts {
            for tag in text.matches(of: #/<[a-z][^>]*>/#) {
                #expect(tag.0.firstMatch(of: #/=\s*(\{\{|')/#) == nil, "\(name): \(tag.0)")
            }
        }
    }

    @Test func `an address begins with a place of ours or is one that was checked`() {
        for (name, text) in Templates.texts {
            for address in text.matches(of: #/\b(?:href|src|action|formaction)="([^"]*)"/#) {
                let isOurs =
                    address.1.firstMatch(of: #/^(\/|#)[^{]*(\{\{\w+\}\})?$/#) != nil && !address.1.hasPrefix("//")
                let isChecked = address.1.firstMatch(of: #/^\{\{(\.|[\w.]*([hH]ref|[aA]ction))\}\}$/#) != nil
                #expect(isOurs || isChecked, "\(name): \(address.0)")
            }
        }
    }

    @Test func `no template holds code, style or another host`() {
        for (name, text) in Templates.texts {
            #expect(text.firstMatch(of: #/\s(style|on\w+)\s*=|<style|javascript:|https?:\/\//#) == nil, "\(name)")
            for script in text.matches(of: #/<script[^>]*>(.*)/#) { #expect(script.1 == "</script>", "\(name)") }
        }
    }

    @Test func `every file of the resources is used`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Services/Gateway/Pages/Resources")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let names = Set(files.filter { $0.hasSuffix(".mustache") }.map { String($0.dropLast(9)) })
        #expect(names == Set(Templates.texts.map(\.name)))
    }
}
