import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import CommandRuns

@Suite struct SandboxPathsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("paths")
        for path in ["home/.nvm/x", "home/tools/x", "state/home/x", "shown/state/x"] { _ = try folder.write(path, "") }
    }

    private func read(_ text: String, services: String = "state/home") throws -> [String] {
        let source = SettingsSource(values: ["SANDBOX_PATHS": text, "AUTOMATA_HOME": folder.path(services)])
        return try SandboxPaths.read(source, account: folder.path("home"))
    }

    @Test func `folders are named by commas or colons, and a tilde is the home`() throws {
        #expect(try read("") == [])
        let (nvm, tools) = (folder.path("home/.nvm"), folder.path("home/tools"))
        #expect(try read(" ~/.nvm , \(tools)/ ") == [nvm, tools])
        #expect(try read("\(nvm):~/./tools//") == [nvm, tools])
    }

    @Test(arguments: [
        ("tools", "absolute"), ("~ada/x", "absolute"), ("/no/such/folder", "no folder"), ("~/.nvm/x", "no folder"),
        ("/", "no folder of tools"), ("/etc", "no folder of tools"), ("/proc/self", "no folder of tools"),
        ("~/", "no folder of tools"), ("~/tools/../.nvm", "absolute"),
    ])
    func `what is missing or shows more than tools is refused`(text: String, reason: String) {
        let error = #expect(throws: SettingsError.self) { try read(text) }
        #expect(error?.setting == "SANDBOX_PATHS" && error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func `the home of the services is never shown, under whatever name`() throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("state"))
        for path in ["state", "state/home", "link", "link/home"] {
            let error = #expect(throws: SettingsError.self) { try read(folder.path(path)) }
            #expect(error?.reason.contains("AUTOMATA_HOME") == true)
        }
        #expect(throws: SettingsError.self) { try read(folder.path("shown"), services: "shown/state") }
    }
}
