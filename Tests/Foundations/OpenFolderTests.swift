import Foundation
import Foundations
import TestSupport
import Testing

/// As an account that modes hold for: root passes by them.
@Suite struct `An open folder` {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder("open-folder")
        try folder.write("closed/inside", "x")
        try await OrdinaryAccount.give(folder.path)
    }

    private func mode() -> mode_t {
        var info = stat()
        return lstat(folder.path("closed"), &info) == 0 ? info.st_mode & 0o777 : 0
    }

    private func names(
        _ access: OpenFolder.Access, during: @escaping @Sendable () -> Void = {}
    ) async throws -> [String] {
        let path = folder.path("closed")
        return try await OrdinaryAccount.run {
            var names: [String] = []
            try OpenFolder(path, access: access).forEach { name, _ in
                names.append(String(cString: name))
                during()
                return true
            }
            return names
        }
    }

    @Test(arguments: [0, 0o111, 0o444, 0o200] as [mode_t])
    func `shows what is in it, whatever its mode`(closed: mode_t) async throws {
        chmod(folder.path("closed"), closed)
        #expect(try await names(.lent) == ["inside"])
        #expect(mode() == closed)
        #expect(try await names(.restored) == ["inside"])
        #expect(mode() == closed | 0o700)
    }

    @Test func `keeps a mode that its owner sets meanwhile`() async throws {
        let path = folder.path("closed")
        chmod(path, 0)
        #expect(try await names(.lent) { chmod(path, 0o750) } == ["inside"])
        #expect(mode() == 0o750)
    }

    @Test func `is never a link, and never empty because it cannot be read`() async throws {
        symlink(folder.path("closed"), folder.path("link"))
        #expect(throws: FileFailure(ENOTDIR)) { try OpenFolder(folder.path("link")) }
        #expect(throws: FileFailure(ENOENT)) { try OpenFolder(folder.path("none")) }
        guard geteuid() == 0 else { return }
        _ = try await Program.run(["chown", "0:0", folder.path("closed")])
        chmod(folder.path("closed"), 0o700)
        await #expect(throws: FileFailure(EACCES)) { try await names(.restored) }
        chmod(folder.path("closed"), 0o744)
        await #expect(throws: FileFailure(EACCES)) { try await names(.restored) }
    }
}
