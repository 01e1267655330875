import Contracts
import Foundation
import Foundations
import FrontDesk
import TestSupport
import Testing

/// What is kept of refused submissions, against broken and hostile ones.
@Suite(.timeLimit(.minutes(5 * Fuzzer.factor))) struct SubmissionExcerptFuzzTests {
    private static let secret = "hunter2-hunter2"
    private static let address = TaskAddress(
        company: CompanyID(validated: "acme"), project: ProjectID(validated: "web"), task: TaskID(validated: "fix"))

    private func submission() throws -> Data {
        let request = TaskRequest(
            task: TaskSettings(address: Self.address, title: Self.secret),
            repository: RepositorySettings(remoteURL: "https://git.example.com/\(Self.secret)"))
        var members = request.json.objectValue ?? [:]
        members["credentials"] = ["credential_type": "access_token", "access_token": .string(Self.secret)]
        members["unknown"] = [.string(Self.secret), ["a": [.string(Self.secret), 1e300, nil]]]
        return try JSONValue.object(members).data()
    }

    @Test func `an excerpt is short JSON without what may be a secret`() throws {
        let submission = try submission()
        var fuzzer = Fuzzer(seed: 5)
        var readable = 0
        for round in 0..<2000 * Fuzzer.factor {
            let excerpt = SubmissionExcerpt.text(
                fuzzer.variant(of: submission), from: round % 2 == 0 ? Self.address : nil)
            let json = try JSONValue(parsing: excerpt)
            #expect(json["bytes"]?.intValue != nil)
            #expect(excerpt.utf8.count < 4096 && !excerpt.contains(Self.secret), "\(excerpt)")
            if json["body"] != nil { readable += 1 }
        }
        #expect(readable > 200 * Fuzzer.factor)
    }
}
