import Cryptography
import Foundation
import Foundations
import Testing

@Suite struct ContentHashTests {
    private let key = ContentKey(bytes: Data(repeating: 7, count: 32))

    /// RFC 4231, cases 1, 2, 3 and 6, and GitHub's published example.
    @Test func `keyed hashes equal the published vectors`() {
        func check(_ key: Data, _ message: Data, _ expected: String) {
            #expect(ContentHash.keyed(message, key: ContentKey(bytes: key)) == expected)
        }
        check(
            Data(repeating: 0x0b, count: 20), Data("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        check(
            Data("Jefe".utf8), Data("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        check(
            Data(repeating: 0xaa, count: 20), Data(repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")
        check(
            Data(repeating: 0xaa, count: 131), Data("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        check(
            Data("It's a Secret to Everybody".utf8), Data("Hello, World!".utf8),
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    /// FIPS 180-4, the example "abc" and the empty message.
    @Test func `plain hashes equal the published vectors`() {
        #expect(
            ContentHash.sha256(Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            ContentHash.sha256(Data()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `the order of keys and white space do not matter, values do`() throws {
        let one = try JSONValue(parsing: #"{"a": 1, "b": [true, null, "x/y"]}"#)
        let same = try JSONValue(parsing: #"{ "b":[true,null,"x\/y"],"a":1.0 }"#)
        let other = try JSONValue(parsing: #"{"a": 1, "b": [true, null, "x/z"]}"#)
        #expect(try ContentHash.sha256(one) == ContentHash.sha256(same))
        #expect(try ContentHash.sha256(one) != ContentHash.sha256(other))
        #expect(try ContentHash.keyed(one, key: key) == ContentHash.keyed(same, key: key))
        #expect(try ContentHash.keyed(one, key: key) != ContentHash.keyed(other, key: key))
    }

    @Test func `another key gives another hash`() throws {
        let other = ContentKey(bytes: Data(repeating: 8, count: 32))
        #expect(try ContentHash.keyed(["a": 1], key: key) != ContentHash.keyed(["a": 1], key: other))
    }
}
