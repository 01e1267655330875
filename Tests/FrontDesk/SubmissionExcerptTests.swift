import Contracts
import Foundation
import Foundations
import FrontDesk
import Testing

@Suite struct SubmissionExcerptTests {
    private static let secret = "hunter2-hunter2"
    private static let address = TaskAddress(
        company: CompanyID(validated: "acme"), project: ProjectID(validated: "web"), task: TaskID(validated: "fix"))

    private func excerpt(_ body: String) -> String { SubmissionExcerpt.text(Data(body.utf8), from: Self.address) }

    @Test(arguments: [
        #"{"password": "hunter2-hunter2"}"#, #"{"password":"hunter2-hunter2","#,
        #"{"private_key": "-----BEGIN\nhunter2-hunter2"#, #"{"key_password":"a\"hunter2-hunter2"}"#,
        "access_token: hunter2-hunter2", "{'password': 'hunter2-hunter2'}", #"{"accessToken": "hunter2-hunter2"}"#,
        #"{"\u0070assword": "hunter2-hunter2"}"#, "https://user:hunter2-hunter2@example.com/x",
        #"{"repository": {"remote_url": "https://u:hunter2/hunter2-hunter2@b@example.com/x"}}"#,
        #"{"repository": {"credentials": {"credential_type": "hunter2-hunter2", "access_token": ["hunter2-hunter2"]}}}"#,
        #"{"task": {"id": "hunter2-hunter2", "context": {"hunter2-hunter2": 1}}, "hunter2-hunter2": null}"#,
        #"["hunter2-hunter2"]"#, #""hunter2-hunter2""#,
    ])
    func `nothing is kept of what may be a secret`(_ body: String) {
        #expect(!excerpt(body).contains("hunter2"), "\(excerpt(body))")
    }

    @Test func `what is kept tells what is wrong`() throws {
        #expect(excerpt(#"{"task": x"#) == #"{"bytes":10,"error":"not JSON at byte 9"}"#)
        let body = """
            {"task": {"id": "fix", "company_id": "acme", "project_id": "shop", "priority": 17, "tags": ["a", "b"],
             "dependsOn": 1}, "repository": {"credentials": {"credential_type": "access_token", "access_token": null}},
             "delivery": {"push": true, "approval": "plan"}}
            """
        #expect(
            try JSONValue(parsing: excerpt(body))["body"] == [
                "task": [
                    "id": "fix", "company_id": "acme", "project_id": "a string of 4 bytes", "priority": "a number",
                    "tags": "a list of 2", "…": "1 more",
                ],
                "repository": ["credentials": ["credential_type": "access_token", "access_token": nil]],
                "delivery": ["push": true, "approval": "plan"],
            ])
        #expect(SubmissionExcerpt.text(Data(repeating: 32, count: 1 << 20), from: nil) == #"{"bytes":1048576}"#)
    }

    @Test func `an excerpt is bounded, whatever the body`() {
        let lists = Array(repeating: #"{"context":{"a":["#, count: 20_000).joined(separator: ",")
        #expect(excerpt("{\"task\": \(lists)").utf8.count < 4096)
        let names = (0..<20_000).map { "\"n\($0)\": 1" }.joined(separator: ",")
        #expect(excerpt("{\(names)}").utf8.count < 4096)
    }

    @Test(arguments: 0..<400)
    func `a secret in any place and any spelling is neither kept nor told`(_ seed: UInt64) throws {
        var placement = SecretPlacement(seed: seed, secret: Self.secret)
        let body = placement.body(Self.address)
        var told = [SubmissionExcerpt.text(body, from: Self.address)]
        do {
            _ = try TaskRequest(decoding: body)
        } catch let error {
            told.append(error.description)
        }
        for text in told {
            for form in placement.forms { #expect(!text.contains(form), "seed \(seed): \(text)") }
        }
    }
}
