import Contracts
import Cryptography
import Foundation
import Testing

@Suite struct EvidenceSignatureTests {
    private let key = SigningKey()
    private let evidence = Evidence(
        workflowID: "0190b8f2-0000-7000-8000-000000000001", baseCommit: "8f3c2a1b9d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a",
        tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904", success: true,
        requested: ["make test", "echo 'ä/\u{2028}'"], commands: ["make test", "echo 'ä/\u{2028}'"], exitCodes: [0, 0])

    @Test func `a signature verifies, also after the evidence travelled as JSON`() throws {
        let signature = try EvidenceSignature.sign(evidence, with: key)
        #expect(EvidenceSignature.verify(signature, of: evidence, with: key.verifyKey))
        let travelled = try JSONDecoder().decode(Evidence.self, from: JSONEncoder().encode(evidence))
        #expect(EvidenceSignature.verify(signature, of: travelled, with: key.verifyKey))
    }

    @Test func `evidence with any other field is refused`() throws {
        let signature = try EvidenceSignature.sign(evidence, with: key)
        let changes: [(inout Evidence) -> Void] = [
            { $0.workflowID += "x" }, { $0.tree = String($0.tree.reversed()) }, { $0.success = false },
            { $0.baseCommit += "0" }, { $0.requested.append("true") }, { $0.commands.removeLast() },
            { $0.commands.swapAt(0, 1) }, { $0.exitCodes[1] = 1 },
        ]
        for (index, change) in changes.enumerated() {
            var changed = evidence
            change(&changed)
            #expect(!EvidenceSignature.verify(signature, of: changed, with: key.verifyKey), "change \(index)")
        }
    }

    @Test func `another key's signature, a changed one and nonsense are refused`() throws {
        let signature = try EvidenceSignature.sign(evidence, with: key)
        #expect(!EvidenceSignature.verify(signature, of: evidence, with: SigningKey().verifyKey))
        var bytes = try #require(Data(base64Encoded: signature))
        bytes[10] ^= 1
        for bad in [bytes.base64EncodedString(), "", "AAAA", "not base64 !", signature + signature] {
            #expect(!EvidenceSignature.verify(bad, of: evidence, with: key.verifyKey))
        }
    }
}
