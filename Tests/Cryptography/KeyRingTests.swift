import Contracts
import Cryptography
import Foundation
import Foundations
import Testing

@Suite struct KeyRingTests {
    private let master = Secret(Data(0..<32).base64EncodedString())

    @Test func `a ring without settings holds no key`() throws {
        let ring = try KeyRing([:])
        #expect(ring.sealing == nil)
        #expect(ring.signing == nil)
        #expect(ring.verifying == nil)
        #expect(ring.contentKey == nil)
    }

    @Test func `an empty setting counts as absent`() throws {
        let ring = try KeyRing([.masterKey: Secret(""), .sealingKey: Secret(" \n")])
        #expect(ring.sealing == nil)
    }

    @Test func `the master key gives every other key, always the same and all different`() throws {
        let one = try KeyRing([.masterKey: master]).exported
        let other = try KeyRing([.masterKey: master]).exported
        #expect(one == other)
        #expect(Set(one.values.map { $0.reveal() } + [master.reveal()]).count == 4)
    }

    /// RFC 5869 with an empty salt; computed with Python's hmac module.
    @Test func `derived keys do not change between versions`() throws {
        let keys = try KeyRing([.masterKey: master]).exported
        #expect(keys[.sealingKey]?.reveal() == "g46tUJd08JEVq5mdp7hJgJ51DEEOAz1Gyj9p35pUwYs=")
        #expect(keys[.signingKey]?.reveal() == "lMgyNc13KXgmABvmXXJjwtuObBgc8914hznPohJWVis=")
    }

    @Test func `single keys replace the master key, the content hash stays the same`() throws {
        let whole = try KeyRing([.masterKey: master])
        let single = try KeyRing(whole.exported)
        #expect(single.exported == whole.exported)
        let (one, other) = (try #require(whole.contentKey), try #require(single.contentKey))
        #expect(try ContentHash.keyed(["a": 1], key: one) == ContentHash.keyed(["a": 1], key: other))
    }

    @Test func `a single key gives its part alone`() throws {
        let sealing = try KeyRing([.sealingKey: SealingKey().exported])
        #expect(sealing.sealing != nil && sealing.contentKey != nil)
        #expect(sealing.signing == nil && sealing.verifying == nil)
        let verifying = try KeyRing([.verifyKey: Secret(SigningKey().verifyKey.description)])
        #expect(verifying.verifying != nil && verifying.signing == nil && verifying.sealing == nil)
        let signing = SigningKey()
        let ring = try KeyRing([.signingKey: signing.exported])
        #expect(ring.verifying?.description == signing.verifyKey.description)
    }

    @Test func `a single key goes before the master key`() throws {
        let sealing = SealingKey()
        let ring = try KeyRing([.masterKey: master, .sealingKey: sealing.exported])
        #expect(ring.sealing?.publicKey.description == sealing.publicKey.description)
        #expect(ring.signing != nil)
    }

    @Test func `a pair of keys that do not belong together is refused`() {
        #expect(throws: KeyError(setting: "VERIFY_KEY", reason: "not the public part of SIGNING_KEY")) {
            try KeyRing([
                .signingKey: SigningKey().exported, .verifyKey: Secret(SigningKey().verifyKey.description),
            ])
        }
    }

    @Test(arguments: Setting.keys)
    func `an unusable key is refused by the name of its setting, without its value`(_ setting: Setting) {
        let bad = ["not base64 !": "expected base64", "c2hvcnQ=": "expected 32 bytes, got 5"]
        for (value, reason) in bad {
            let error = #expect(throws: KeyError.self) { try KeyRing([setting: Secret(value)]) }
            #expect(error?.description == "\(setting.name): \(reason)")
        }
    }

    @Test func `new keys are 32 bytes and never the same`() {
        let keys = (0..<10).map { _ in KeyRing.newMasterKey().reveal() }
        #expect(Set(keys).count == 10)
        #expect(keys.allSatisfy { Data(base64Encoded: $0)?.count == 32 })
    }

    @Test func `keys print as redacted`() throws {
        let ring = try KeyRing([.masterKey: master])
        var text = "\(ring) \(String(reflecting: ring)) \(ring.exported)"
        dump(ring, to: &text)
        for secret in [master] + ring.exported.filter({ $0.key != .verifyKey }).values {
            #expect(!text.contains(secret.reveal()))
        }
    }
}
