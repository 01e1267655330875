import BrowserSupport
import Contracts
import Foundation
import Foundations
import TestSupport
import Testing

@testable import GatewayService

/// The gateway's pages in a browser, with its script and without.
@Suite(.serialized, .enabled(if: Browser.program != nil, "needs Chromium"), .timeLimit(.minutes(3)))
struct BrowserTests {
    @Test(arguments: [true, false])
    func `people sign in, add a task, steer one, and sign out`(_ hasScript: Bool) async throws {
        let site = try await GatewaySite()
        let token = site.fixture.record.token(.operator)
        try await Browser.run { tab in
            try await tab.setScript(hasScript)
            try await tab.open(site.url + "/tasks")
            try await tab.wait("location.pathname === '/sign-in'")
            try await tab.write(token.reveal(), into: "input[name=token]")
            try await tab.click("main form button")
            try await tab.wait("document.querySelector('h1').textContent === 'Fleet'")
            try await tab.write("Mend the form", into: "#description")
            try await tab.click("#new-task button")
            try await tab.wait("location.search === '?done=added'")
            let added = try #require(site.fixture.door.asked.last)
            #expect(added.type == .submit && added.body["task"]?["title"] == "Mend the form")
            try await tab.open(site.url + "/tasks/acme/web/fix")
            try await tab.write("keep it small", into: "#task-controls input[name=message]")
            try await tab.click("#task-controls button[value=steer]")
            try await tab.wait("location.search === '?done=steer'")
            #expect(site.fixture.door.asked.last?.body["message"] == "keep it small")
            #expect(try await tab.text("#notice")?.isEmpty == false)
            try await tab.click(".account form button")
            try await tab.wait("location.pathname === '/sign-in'")
            #expect(tab.faults == [])
            #expect(tab.requests.allSatisfy { $0.hasPrefix(site.url) || $0 == "about:blank" })
        }
    }

    @Test func `what happens to several tasks is counted and confirmed first`() async throws {
        let site = try await GatewaySite()
        let code = site.fixture.record.invite(.operator)
        try await Browser.run { tab in
            try await tab.open(site.url + "/sign-in?code=\(code.reveal())")
            try await tab.open(site.url + "/tasks")
            let before = site.fixture.door.asked.count
            try await tab.click("input[name=task]")
            try await tab.click("#bulk button[value=cancel]")
            try await tab.wait("document.querySelector('h1').textContent === 'Cancel 1 task?'")
            #expect(site.fixture.door.asked.count == before)
            try await tab.click("form button.danger")
            try await tab.wait("document.querySelector('h1').textContent === 'Tasks'")
            #expect(site.fixture.door.asked.last?.body["action"] == "cancel")
            #expect(tab.faults == [])
        }
    }

    @Test func `lines of logs come to their page as they are written, each once, also after a hold`() async throws {
        let site = try await GatewaySite()
        let code = site.fixture.record.invite(.viewer)
        let lines = site.fixture.record.logLines
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await site.fixture.gateway.logs.run() }
            try await Browser.run { tab in
                try await tab.open(site.url + "/sign-in?code=\(code.reveal())")
                try await tab.open(site.url + "/logs?level=warning")
                try await tab.wait("document.querySelector('#live').dataset.state === 'live'")
                lines.write("passed over")
                let first = lines.write("it broke", level: "error")
                try await tab.wait("document.querySelector('#log-lines > :last-child').id === 'line-\(first)'")
                try await tab.click("#live")
                try await tab.wait("document.querySelector('#live').dataset.state === 'held'")
                let second = lines.write("once more", level: "error")
                try await tab.click("#live")
                try await tab.wait("document.querySelector('#log-lines > :last-child').id === 'line-\(second)'")
                #expect(try await tab.evaluate("document.querySelectorAll('#log-lines > li').length") == 3)
                #expect(tab.faults == [])
            }
            group.cancelAll()
        }
    }

    @Test func `a viewer sees a task live and is offered nothing to change`() async throws {
        let site = try await GatewaySite()
        let code = site.fixture.record.invite(.viewer)
        try await Browser.run { tab in
            try await tab.open(site.url + "/sign-in?code=\(code.reveal())")
            for page in ["/", "/tasks", "/tasks/acme/web/fix", "/queue"] {
                try await tab.open(site.url + page)
                try await tab.wait("document.querySelector('#live').dataset.state === 'live'", "a stream of \(page)")
                #expect(try await tab.evaluate("document.querySelectorAll('button[name=action]').length") == 0)
            }
            #expect(tab.faults == [])
        }
    }
}
