import Foundation
import Foundations
import TestSupport

/// A page in a browser.
package struct BrowserTab: Sendable {
    private let pipe: DebuggingPipe
    private let session: String

    init(_ pipe: DebuggingPipe) async throws {
        self.pipe = pipe
        let target = try await pipe.ask("Target.createTarget", ["url": "about:blank"])["targetId"] ?? .null
        let attached = try await pipe.ask("Target.attachToTarget", ["targetId": target, "flatten": true])
        session = attached["sessionId"]?.stringValue ?? ""
        for domain in ["Page", "Runtime", "Log", "Network"] { try await ask("\(domain).enable") }
    }

    @discardableResult
    private func ask(_ method: String, _ parameters: [String: JSONValue] = [:]) async throws -> JSONValue {
        try await pipe.ask(method, parameters, session: session)
    }

    /// Leads to an address and waits until the page is there.
    package func open(_ address: String) async throws {
        let isMarked = "window.isOfPageBefore = true"
        _ = try? await evaluate(isMarked)
        let answer = try await ask("Page.navigate", ["url": .string(address)])
        if let fault = answer["errorText"]?.stringValue { throw BrowserRefusal(description: "\(address): \(fault)") }
        try await wait("!window.isOfPageBefore && document.readyState === 'complete'", "the page \(address)")
    }

    /// The value of an expression.
    @discardableResult
    package func evaluate(_ expression: String) async throws -> JSONValue {
        let answer = try await ask(
            "Runtime.evaluate",
            ["expression": .string(expression), "returnByValue": true, "awaitPromise": true, "userGesture": true])
        if let fault = answer["exceptionDetails"] { throw BrowserRefusal(description: "\(expression): \(fault)") }
        return answer["result"]?["value"] ?? .null
    }

    /// Waits until an expression is true, also over pages.
    package func wait(_ expression: String, _ what: String? = nil) async throws {
        try await eventually(what ?? expression) { (try? await evaluate(expression)) == true }
    }

    /// The text of the first element that a selector names; `nil` for none.
    package func text(_ selector: String) async throws -> String? {
        try await evaluate("document.querySelector(\(try quoted(selector)))?.textContent?.trim()").stringValue
    }

    /// Presses an element, as a pointer does.
    package func click(_ selector: String) async throws {
        try await wait("document.readyState === 'complete'", "the whole page")
        let found = try await evaluate(
            """
            (() => { const element = document.querySelector(\(try quoted(selector))); if (!element) return null;
            element.scrollIntoView({ block: 'center' }); const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2]; })()
            """)
        guard let place = found.arrayValue, place.count == 2 else {
            throw BrowserRefusal(description: "there is no \(selector)")
        }
        for type in ["mousePressed", "mouseReleased"] {
            try await ask(
                "Input.dispatchMouseEvent",
                ["type": .string(type), "x": place[0], "y": place[1], "button": "left", "clickCount": 1])
        }
    }

    /// Writes into the field that a selector names.
    package func write(_ text: String, into selector: String) async throws {
        let focus = "document.querySelector(\(try quoted(selector)))?.focus() === undefined"
        guard try await evaluate(focus) == true else { throw BrowserRefusal(description: "there is no \(selector)") }
        try await ask("Input.insertText", ["text": .string(text)])
    }

    /// Presses a key, for example `j` or `Enter`.
    package func press(_ key: String) async throws {
        let text = key == "Enter" ? "\r" : key
        try await ask("Input.dispatchKeyEvent", ["type": "keyDown", "key": .string(key), "text": .string(text)])
        try await ask("Input.dispatchKeyEvent", ["type": "keyUp", "key": .string(key)])
    }

    /// Turns the pages' own script off, or on again.
    package func setScript(_ isOn: Bool) async throws {
        try await ask("Emulation.setScriptExecutionDisabled", ["value": .bool(!isOn)])
    }

    /// A picture of the page, as PNG.
    package func picture(width: Int, height: Int, isDark: Bool = false) async throws -> Data {
        try await ask(
            "Emulation.setDeviceMetricsOverride",
            ["width": .int(width), "height": .int(height), "deviceScaleFactor": 1, "mobile": .bool(width < 500)])
        let scheme: JSONValue = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
        try await ask("Emulation.setEmulatedMedia", ["features": [scheme]])
        let answer = try await ask("Page.captureScreenshot", ["format": "png"])
        guard let data = answer["data"]?.stringValue.flatMap({ Data(base64Encoded: $0) }) else {
            throw BrowserRefusal(description: "no picture")
        }
        return data
    }

    /// What went wrong in pages: errors of scripts and of the console, and what their policy refused.
    package var faults: [String] {
        pipe.events.elements.compactMap { event in
            let parameters = event["params"]
            switch event["method"] {
            case "Runtime.exceptionThrown": return parameters?["exceptionDetails"].map { "\($0)" }
            case "Log.entryAdded" where parameters?["entry"]?["level"] == "error":
                return parameters?["entry"].map { "\($0)" }
            case "Runtime.consoleAPICalled" where parameters?["type"] == "error": return parameters.map { "\($0)" }
            default: return nil
            }
        }
    }

    /// Every address that was asked for.
    package var requests: [String] {
        pipe.events.elements.filter { $0["method"] == "Network.requestWillBeSent" }
            .compactMap { $0["params"]?["request"]?["url"]?.stringValue }
    }

    private func quoted(_ text: String) throws -> String { try JSONValue.string(text).text() }
}
