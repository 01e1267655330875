import Compression
import Foundation
import TestSupport
import Testing

@Suite struct GzipTests {
    private static let samples = [
        Data(), Data("a".utf8), Data(String(repeating: "a line like others\n", count: 5000).utf8),
        Data((0..<70_000).map { _ in UInt8.random(in: 0...255) }),
    ]

    @Test(arguments: samples) func `gzip of the system reads what was compressed`(_ data: Data) async throws {
        let folder = try TemporaryFolder("gzip")
        try Gzip.compress(data).write(to: URL(fileURLWithPath: folder.path("file.gz")))
        try await Program.run(["gzip", "--decompress", folder.path("file.gz")])
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("file"))) == data)
    }

    @Test func `what repeats itself becomes small`() throws {
        #expect(try Gzip.compress(Self.samples[2]).count < Self.samples[2].count / 50)
    }
}
