import BrowserSupport
import Foundation
import Foundations
import TestSupport
import Testing

@testable import GatewayPages

/// What the script does, in a browser, with pages as they could stand.
@Suite(.serialized, .enabled(if: Browser.program != nil, "needs Chromium"), .timeLimit(.minutes(3)))
struct BrowserTests {
    @Test func `a part of a page changes when the stream says so, and what is written stays`() async throws {
        let site = try await SampleSite()
        try await Browser.run { tab in
            try await tab.open(site.url + "/tasks/acme/web/fix-login")
            try await tab.wait("document.querySelector('#live').dataset.state === 'live'")
            try await tab.write("go on", into: "#task-controls input[name=message]")
            site.tell("patch", "<section id=\"task-head\"><h1>Changed</h1></section>", id: "7")
            try await tab.wait("document.querySelector('#task-head').textContent === 'Changed'")
            // Somebody is in the field: its place changes when he has left it, and what he wrote is there.
            site.tell("patch", Self.controls)
            try await tab.click("h1")
            try await tab.wait("document.querySelector('#task-controls input[name=csrf]').value === 'new'")
            #expect(
                try await tab.evaluate("document.querySelector('#task-controls input[name=message]').value") == "go on")
            try await tab.click("#task-controls button")
            try await tab.wait("location.search === '?done=1'")
            #expect(site.forms.last?["message"] == "go on")
            #expect(site.forms.last?["back"] == "/tasks/acme/web/fix-login")
            #expect(tab.faults == [])
            #expect(tab.requests.allSatisfy { $0.hasPrefix(site.url) || $0 == "about:blank" })
        }
    }

    private static let controls = """
        <section id="task-controls"><form method="post" action="/actions/tasks/acme/web/fix-login">\
        <input type="hidden" name="csrf" value="new"><input type="hidden" name="back" value="/stream">\
        <input name="message"><button name="action" value="steer">Send</button></form></section>
        """

    @Test func `a stream is held and goes on behind what was seen`() async throws {
        let site = try await SampleSite()
        try await Browser.run { tab in
            try await tab.open(site.url + "/")
            try await tab.wait("document.querySelector('#live').dataset.state === 'live'")
            site.tell("patch", "<section id=\"replicas\">one</section>", id: "41")
            try await tab.wait("document.querySelector('#replicas').textContent === 'one'")
            try await tab.click("#live")
            try await tab.wait("document.querySelector('#live').dataset.state === 'held'")
            try await tab.click("#live")
            try await tab.wait("document.querySelector('#live').dataset.state === 'live'")
            #expect(site.streams.last == "/stream?fleet&after=41")
            #expect(tab.faults == [])
        }
    }

    @Test func `lines are appended once each, the last are seen, and not more than 2,000 are kept`() async throws {
        let site = try await SampleSite()
        try await Browser.run { tab in
            try await tab.open(site.url + "/logs")
            try await tab.wait("document.querySelector('#live').dataset.state === 'live'")
            for first in stride(from: 0, to: 2100, by: 100) {
                site.tell("append", (first..<first + 100).map(Self.line))
            }
            site.tell("append", Self.line(2000))
            site.tell("patch", "<section id=\"notice\">all told</section>")
            try await tab.wait("document.querySelector('#notice').textContent === 'all told'")
            #expect(try await tab.text("#log-lines > :last-child") == "2099")
            #expect(try await tab.evaluate("document.querySelectorAll('#log-lines li').length") == 2000)
            let distance = "(list => list.scrollHeight - list.scrollTop - list.clientHeight < 3)"
            #expect(try await tab.evaluate("\(distance)(document.querySelector('#log-lines'))") == true)
        }
    }

    private static func line(_ number: Int) -> String {
        "<li id=\"line-x\(number)\" data-into=\"log-lines\">\(number)</li>"
    }

    @Test func `keys move through rows, select them and lead to pages`() async throws {
        let site = try await SampleSite()
        try await Browser.run { tab in
            try await tab.open(site.url + "/tasks")
            try await tab.wait("document.querySelector('#live').dataset.state === 'live'")
            for key in ["j", "j", "k", "x"] { try await tab.press(key) }
            #expect(try await tab.text(".at .title a")?.hasPrefix("Repair the login form") == true)
            #expect(
                try await tab.evaluate("document.querySelector('input[name=task]:checked').value")
                    == "acme/web/fix-login")
            site.tell(
                "patch",
                "<tr id=\"task-acme.web.fix-login\" data-row><td><input type=\"checkbox\" name=\"task\" value=\"acme/web/fix-login\"></td></tr>"
            )
            try await tab.wait("document.querySelector('.at').children.length === 1")
            #expect(try await tab.evaluate("document.querySelectorAll('input[name=task]:checked').length") == 1)
            try await tab.press("?")
            try await tab.wait("document.querySelector('#keys').open")
            try await tab.evaluate("document.querySelector('#keys').close()")
            for key in ["g", "q"] { try await tab.press(key) }
            try await tab.wait("location.pathname === '/queue'")
        }
    }

    @Test func `all of it works without the script`() async throws {
        let site = try await SampleSite()
        try await Browser.run { tab in
            try await tab.open(site.url + "/tasks")
            try await tab.setScript(false)
            try await tab.open(site.url + "/tasks?tag=x")
            try await tab.click("input[name=task]")
            try await tab.click("#bulk button[value=cancel]")
            try await tab.wait("document.querySelector('h1').textContent.startsWith('Cancel 37 tasks')")
            #expect(site.forms.last?["task"] == "acme/web/fix-login")
            try await tab.click("form button.danger")
            try await tab.wait("location.search.includes('done=1')")
            #expect(site.forms.last?["confirmed"] == "37")
            #expect(tab.faults == [])
        }
    }

    /// `PAGES_FOLDER` names the folder.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PAGES_FOLDER"] != nil, "asked for by PAGES_FOLDER"))
    func `pictures of the pages are taken where they are asked for`() async throws {
        let folder = URL(fileURLWithPath: try #require(ProcessInfo.processInfo.environment["PAGES_FOLDER"]))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let site = try await SampleSite()
        try await Browser.run { tab in
            for name in Samples.plain.map(\.name) {
                try await tab.open("\(site.url)/sample/\(name)")
                for (width, height) in [(1280, 900), (390, 844)] {
                    for isDark in [false, true] {
                        let picture = try await tab.picture(width: width, height: height, isDark: isDark)
                        let file = "\(name)-\(isDark ? "dark" : "light")-\(width).png"
                        try picture.write(to: folder.appendingPathComponent(file))
                    }
                }
            }
            #expect(tab.faults == [])
        }
    }
}
