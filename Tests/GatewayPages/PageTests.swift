import Foundation
import Testing

@testable import GatewayPages

/// What holds of every page.
@Suite struct PageTests {
    private static let pages = Samples.plain.map(\.name)
    private static let shownToViewers = Samples(role: .viewer).pages

    private func markup(_ name: String, of pages: [(name: String, html: String)] = Samples.plain) throws -> Markup {
        try Markup(try #require(pages.first { $0.name == name }).html)
    }

    @Test(arguments: pages)
    func `a page has a language, a title and one heading of the first level`(_ name: String) throws {
        let elements = try markup(name).elements
        #expect(elements.first { $0.name == "html" }?["lang"] == "en")
        #expect(elements.first { $0.name == "title" }?.text.isEmpty == false)
        #expect(elements.filter { $0.name == "h1" }.count == 1)
        #expect(elements.filter { $0.name == "main" }.count == 1)
    }

    @Test(arguments: pages)
    func `no id stands twice in a page`(_ name: String) throws {
        let ids = try markup(name).elements.compactMap { $0["id"] }
        #expect(Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted() == [])
    }

    @Test(arguments: pages)
    func `every field has a name for who does not see it`(_ name: String) throws {
        let elements = try markup(name).elements
        let labelled = Set(elements.compactMap { $0.name == "label" ? $0["for"] : nil })
        for field in elements where ["input", "select", "textarea"].contains(field.name) && field["type"] != "hidden" {
            let isLabelled =
                field.path.contains("label") || field["aria-label"] != nil || labelled.contains(field["id"] ?? "")
            #expect(isLabelled, "\(field.attributes)")
        }
        for drawing in elements where drawing.name == "svg" {
            #expect(drawing["aria-hidden"] == "true" || drawing["aria-label"]?.isEmpty == false)
        }
    }

    @Test(arguments: pages)
    func `every form that changes something sends the token along`(_ name: String) throws {
        let html = try #require(Samples.plain.first { $0.name == name }).html
        let forms = html.components(separatedBy: "<form ").dropFirst().filter { $0.hasPrefix("method=\"post\"") }
        for form in forms {
            let body = form.components(separatedBy: "</form>")[0]
            #expect(body.contains("name=\"csrf\" value=\"a1b2c3\""), "\(body.prefix(80))")
            #expect(body.contains("action=\"/actions/"), "\(body.prefix(80))")
        }
        #expect(name == "forbidden" || !forms.isEmpty)
    }

    @Test(arguments: pages)
    func `a viewer is offered nothing that changes something`(_ name: String) throws {
        let elements = try markup(name, of: Self.shownToViewers).elements
        let actions = elements.filter { $0.name == "form" && $0["method"] == "post" }.compactMap { $0["action"] }
        let isDisabled = elements.contains { $0.name == "fieldset" && $0.attributes.contains { $0.name == "disabled" } }
        let allowed: Set = [Place.signOutAction, Place.signInAction, Place.bulkAction]
        #expect(isDisabled || Set(actions).isSubset(of: allowed) || ["new-task", "bulk"].contains(name), "\(actions)")
        if name == "tasks" { #expect(!elements.contains { $0["name"] == "action" }) }
    }

    @Test func `a word that is none of the usual ones stays chosen`() {
        let fields = Form.project(.init(["type": "game"])).groups.flatMap(\.fields)
        let choices = fields.filter { $0.name == "type" }.flatMap(\.choices)
        #expect(choices.filter(\.isChosen).map(\.value) == ["game"])
    }

    @Test func `a secret that was filled in is not sent to a browser`() {
        for (name, html) in Samples.plain { #expect(!html.contains("hunter2"), "\(name)") }
    }

    @Test func `a page that changes asks for itself where there is no script, until it is held`() {
        let samples = Samples()
        var frame = samples.frame("/tasks?tag=x", stream: "/stream?tasks")
        let live = samples.tasks.render(in: frame)
        #expect(live.contains("<noscript><meta http-equiv=\"refresh\" content=\"20\"></noscript>"))
        #expect(live.contains("href=\"/tasks?tag=x&amp;hold=1\""))
        #expect(live.contains("data-stream=\"/stream?tasks\""))
        frame.isStill = true
        frame.visitor.page = "/tasks?tag=x&hold=1"
        let held = samples.tasks.render(in: frame)
        #expect(!held.contains("http-equiv=\"refresh\""))
        #expect(held.contains("href=\"/tasks?tag=x\""))
    }

    @Test func `a fragment is one element with the id that stands in the page`() throws {
        let samples = Samples()
        let page = samples.pages[0].html
        let visitor = samples.visitor("/")
        let fragments: [any Fragment] = [
            samples.fleet.status, try #require(samples.fleet.replicas), samples.queueSummary, samples.models,
            samples.charts,
        ]
        for fragment in fragments {
            let html = fragment.render(for: visitor)
            let root = try #require(try Markup(html).elements.first)
            #expect(try Markup(html).elements.filter(\.path.isEmpty).count == 1)
            #expect(page.contains("id=\"\(try #require(root["id"]))\""))
        }
        let row = samples.rows[0].render(for: visitor)
        #expect(row.hasPrefix("<tr id=\"task-acme.web.fix-login\""))
    }

    @Test func `what is the platform's is not there for who sees a company alone`() {
        let samples = Samples()
        var fleet = samples.fleet
        fleet.replicas = nil
        fleet.models = nil
        let html = fleet.render(in: samples.frame("/"))
        for id in ["replicas", "model-table"] { #expect(!html.contains("id=\"\(id)\"")) }
        #expect(html.contains("id=\"queue-summary\""))
    }

    @Test func `a model that cannot be asked has no form`() {
        let samples = Samples()
        var row = samples.models.rows[0]
        #expect(ModelTable(rows: [row]).render(for: samples.visitor("/")).contains("<form"))
        row.mayCheck = false
        #expect(!ModelTable(rows: [row]).render(for: samples.visitor("/")).contains("<form"))
    }

    @Test func `the names of assets follow their content, and pages name them`() {
        #expect(Set(Asset.all.map(\.path)).count == Asset.all.count)
        for asset in Asset.all {
            #expect(Samples.plain[0].html.contains("\"\(asset.path)\""))
            #expect(asset.path.firstMatch(of: #/^\/assets\/automata-[0-9a-z]+\.(css|js|svg)$/#) != nil)
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["PAGES_FOLDER"] != nil, "asked for by PAGES_FOLDER"))
    func `the pages are written where they are asked for`() throws {
        let folder = URL(fileURLWithPath: try #require(ProcessInfo.processInfo.environment["PAGES_FOLDER"]))
        let assets = folder.appendingPathComponent("assets")
        try FileManager.default.createDirectory(at: assets, withIntermediateDirectories: true)
        for asset in Asset.all {
            let name = asset.path.dropFirst("/assets/".count)
            try Data(asset.bytes).write(to: assets.appendingPathComponent(String(name)))
        }
        for (name, html) in Samples.plain {
            let local = html.replacing("\"/assets/", with: "\"assets/")
            try Data(local.utf8).write(to: folder.appendingPathComponent("\(name).html"))
        }
    }
}
