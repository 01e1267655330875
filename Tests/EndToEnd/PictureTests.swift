import BrowserSupport
import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Pictures of the main pages, of tasks like the demo's: `make pictures` says where they go.
@Suite(
    .enabled(
        if: Browser.program != nil && ProcessInfo.processInfo.environment["PICTURES"] != nil,
        "asked for by PICTURES, and needs Chromium"),
    .timeLimit(.minutes(5)))
struct PictureTests {
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let commands: JSONValue = ["python3 -m unittest discover -s tests -t . -v"]
    private static let repaired = "repair-merge"

    /// What is seen, by the names of the pictures.
    private static let pages = [
        ("fleet", "/"), ("tasks", "/tasks"), ("task", "/tasks/acme/shop/\(repaired)"),
        ("timeline", "/tasks/acme/shop/\(repaired)?view=timeline"),
        ("diff", "/tasks/acme/shop/\(repaired)?view=diff"),
        ("validation", "/tasks/acme/shop/\(repaired)?view=validation"), ("approval", "/tasks/acme/shop/command-line"),
        ("queue", "/queue"), ("logs", "/logs"), ("reports", "/reports"), ("settings", "/settings"),
        ("projects", "/projects"),
    ]

    @Test func `pictures of the main pages are taken, at two widths and in both colours`() async throws {
        let folder = URL(fileURLWithPath: try #require(ProcessInfo.processInfo.environment["PICTURES"]))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let remote = try await GitRemote(files: try Self.files())
        try await Dashboard.with(try Self.settings(), remote) { dashboard in
            try await play(on: dashboard.platform, remote)
            try await dashboard.signIn()
            for (name, path) in Self.pages { try await take(name, path, dashboard, folder) }
        }
    }

    private func take(_ name: String, _ path: String, _ dashboard: Dashboard, _ folder: URL) async throws {
        try await dashboard.open(path)
        for (width, height) in [(1280, 900), (390, 844)] {
            for isDark in [false, true] {
                let picture = try await dashboard.tab.picture(width: width, height: height, isDark: isDark)
                let file = "\(name)-\(isDark ? "dark" : "light")-\(width).png"
                try picture.write(to: folder.appendingPathComponent(file))
            }
        }
    }

    /// Tasks in every state that people look for.
    private func play(on platform: Platform, _ remote: GitRemote) async throws {
        func draft(_ id: String, _ model: String, _ title: String) -> TaskDraft {
            var draft = TaskDraft(model, title: title, remote: remote)
            draft.project = "shop"
            draft.id = id
            draft.validation = ["commands": Self.commands, "max_repair_rounds": 0]
            return draft
        }
        var repaired = draft(Self.repaired, "scripted", "Repair merging of nested and touching intervals")
        repaired.task = [
            "description": "merge() loses the end of an interval that contains a later one.", "tags": ["bug"],
        ]
        _ = try await platform.run(repaired)
        _ = try await platform.run(draft("reject-reversed", "wrong", "Reject intervals that end before they begin"))
        _ = try await platform.tool(["report", "--new"])
        var planned = draft("command-line", "scripted", "Add a command line that merges intervals of a file")
        planned.delivery = ["approval": "plan"]
        try await platform.submit(planned)
        try await platform.event(.approvalRequested, of: planned)
        try await platform.submit(draft("faster", "slow", "Merge a million intervals in a second"))
        try await eventually("it works on the last one") {
            try platform.witness("slow").contains { $0["reply"] == "hang" }
        }
    }

    private static func settings() throws -> PlatformSettings {
        let demo = try Script(file: root.appendingPathComponent("deploy/demo/script.yaml").path)
        let others: [Role] = [
            .coder("wrong", [.write("intervals/merging.py", "def merge(intervals):\n    return []\n"), .finish()]),
            .coder(
                "slow",
                [.call("read_file", ["file_path": "intervals/merging.py"]), Turn.finish().failing(.hang)]),
        ]
        var settings = PlatformSettings(roles: others + demo.roles)
        settings.modelLatencyMilliseconds = 150
        return settings
    }

    private static func files() throws -> [String: String] {
        let demo = root.appendingPathComponent("deploy/demo/repository")
        let paths = [
            "README.md", "intervals/__init__.py", "intervals/merging.py", "tests/__init__.py", "tests/test_merging.py",
        ]
        var files: [String: String] = [:]
        for path in paths {
            let data = try Data(contentsOf: demo.appendingPathComponent(path))
            files[path] = String(decoding: data, as: UTF8.self)
        }
        return files
    }
}
