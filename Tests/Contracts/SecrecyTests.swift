import Contracts
import Foundation
import Foundations
import Testing

@Suite struct SecrecyTests {
    @Test(arguments: Sample.credentials.map(\.name))
    func `credentials never show when a request is printed`(_ name: String) throws {
        let request = try TaskRequest(decoding: GoldenCase.file("task_request_\(name)"))
        var text = "\(request) \(String(reflecting: request)) \(String(describing: request.repository.credentials))"
        dump(request, to: &text)
        for secret in request.repository.credentials.secrets {
            #expect(!text.contains(secret.reveal()))
            #expect(!text.contains(secret.reveal().debugDescription))
        }
    }

    @Test(arguments: Sample.credentials.map(\.name))
    func `the error about a bad field does not repeat credentials`(_ name: String) throws {
        let request = try JSONValue(parsing: GoldenCase.file("task_request_\(name)"))
        let members = try #require(request["repository"]?["credentials"]?.objectValue)
        for field in members.keys where field != "credential_type" {
            for value in [["leaked": "s3cret"], ["s3cret"], .string("s3cret\u{0}")] as [JSONValue] {
                let changed = request.setting(["repository", "credentials", Substring(field)], to: value)
                let error = #expect(throws: FieldError.self) { try TaskRequest(changed) }
                #expect(error?.description.contains("s3cret") == false)
            }
        }
    }

    @Test func `the URL of a remote that holds a password is not repeated`() throws {
        let request = try JSONValue(parsing: GoldenCase.file("task_request_minimal"))
        let changed = request.setting(["repository", "remote_url"], to: "https://ann:s3cret@host/a.git")
        let error = #expect(throws: FieldError.self) { try TaskRequest(changed) }
        #expect(error?.description.contains("s3cret") == false)
    }

    @Test func `which credentials are plain is known`() {
        let plain = Sample.credentials.filter { $0.value.arePlain }.map(\.name)
        #expect(plain == ["username_password", "access_token", "private_key", "private_key_path"])
    }
}
