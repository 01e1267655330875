import Cryptography
import Foundation
import Foundations
import Testing

/// A receiver that is not ours: the `standardwebhooks` library for Python, from the authors of the specification.
@Suite(.timeLimit(.minutes(1)))
struct WebhookReceiverTests {
    private static let program = """
        import json, sys
        from standardwebhooks import Webhook
        call = json.load(sys.stdin.buffer)
        Webhook(call["secret"]).verify(call["body"], call["headers"])
        """

    /// Runs Python with `script`; gives back its exit code.
    private static func python(_ script: String, input: Data = Data()) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let pipe = Pipe()
        process.standardInput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: input)
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }

    static let hasLibrary = (try? python("import standardwebhooks")) == 0

    @Test(.enabled(if: hasLibrary, "needs the Python package standardwebhooks"))
    func `the reference library verifies our signature with the old and the new secret`() throws {
        let secrets = [WebhookSecret.generate(), WebhookSecret.generate()]
        let body = #"{"type":"workflow.completed","data":{"title":"ä/ü 😀"}}"#
        let now = Int(Date().timeIntervalSince1970)
        let id = UUID.v7().text
        let signature = try WebhookSignature.sign(
            id: id, timestamp: now, body: Data(body.utf8), secrets: try secrets.map { try WebhookSecret($0) })
        func verifies(_ secret: Secret, _ body: String) throws -> Bool {
            let call: JSONValue = [
                "secret": .string(secret.reveal()), "body": .string(body),
                "headers": [
                    "webhook-id": .string(id), "webhook-timestamp": .string("\(now)"),
                    "webhook-signature": .string(signature),
                ],
            ]
            return try Self.python(Self.program, input: try call.data()) == 0
        }
        for secret in secrets { #expect(try verifies(secret, body)) }
        #expect(try !verifies(WebhookSecret.generate(), body))
        #expect(try !verifies(secrets[0], body + " "))
    }
}
