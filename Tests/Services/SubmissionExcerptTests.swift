import Foundation
import PlannerService
import Testing

@Suite struct SubmissionExcerptTests {
    @Test(arguments: [
        #"{"password": "hunter2-hunter2"}"#,
        #"{"password":"hunter2-hunter2","#,
        #"{"access_token" : "hunter2-hunter2", "x": 1}"#,
        #"{"private_key": "-----BEGIN\nhunter2-hunter2"#,
        #"{"key_password":"a\"hunter2-hunter2"}"#,
        "https://user:hunter2-hunter2@example.com/x",
    ])
    func `secrets of a refused submission are not kept, broken JSON included`(_ body: String) {
        #expect(SubmissionExcerpt.mayHoldSecrets(Data(body.utf8)))
        #expect(!SubmissionExcerpt.text(Data(body.utf8)).contains("hunter2"))
        #expect(SubmissionExcerpt.text(Data(body.utf8)).contains("<redacted>"))
    }

    @Test func `what is not secret is kept as it is, without NUL and to a limit`() {
        let body = #"{"task": {"title": "x"}, "password": ""}"# + "\0"
        #expect(!SubmissionExcerpt.mayHoldSecrets(Data(body.utf8)))
        #expect(SubmissionExcerpt.text(Data(body.utf8)) == #"{"task": {"title": "x"}, "password": ""}"# + "\u{FFFD}")
        #expect(SubmissionExcerpt.text(Data(repeating: 65, count: 1 << 20)).count == 4096)
    }
}
