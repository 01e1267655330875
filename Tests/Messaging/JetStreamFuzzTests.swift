import Foundation
import Foundations
import Messaging
import TestSupport
import Testing

@testable import JetStream

/// What reads the server's answers, against broken and hostile ones: without logins anybody on the bus can send them.
@Suite(.timeLimit(.minutes(5 * Fuzzer.factor))) struct JetStreamFuzzTests {
    private static let time: JSONValue = "2026-11-27T09:30:00.123456789Z"
    private static let place: JSONValue = ["consumer_seq": 5, "stream_seq": 6]

    private static let answers: [JSONValue] = [
        ["stream": "AUTOMATA", "seq": 7, "duplicate": true],
        ["error": ["code": 404, "err_code": 10037, "description": "no message found"]],
        ["subject": "a.b", "seq": 7, "time": time, "hdrs": "TkFUUy8xLjANCmE6IGINCg0K", "data": "e30="],
        ["created": time, "state": ["messages": 5, "first_seq": 1, "last_seq": 7]],
        ["delivered": place, "ack_floor": place, "num_pending": 1, "num_ack_pending": 2],
    ]

    /// Reads an answer in every way there is; how many of them took it.
    private func read(_ answer: Data) throws -> Int {
        let value = try JetStreamAPI.parse(answer)
        _ = BusError(api: value)
        if let error = value["error"] { _ = BusError(api: error) }
        let readers: [() throws -> Void] = [
            { _ = try PublishReceipt(api: value) }, { _ = try StoredMessage(value) },
            { _ = try StreamState(api: value) },
            {
                let state = try ConsumerState(api: value)
                #expect(state.outstanding >= 0)
            },
        ]
        return readers.count { (try? $0()) != nil }
    }

    @Test(arguments: answers)
    func `a broken answer is a value or an error`(_ answer: JSONValue) throws {
        var fuzzer = Fuzzer(seed: 6)
        let good = try answer.data()
        for _ in 0..<1000 * Fuzzer.factor { _ = try? read(fuzzer.variant(of: good)) }
    }

    @Test(arguments: Fuzzer.numbers)
    func `no number of an answer breaks what reads it`(_ number: String) throws {
        let counts = #""num_pending": 9223372036854775807, "num_ack_pending": \#(number)"#
        let place = #"{"stream_seq": \#(number)}"#
        for text in [
            #"{"stream": "s", "seq": \#(number)}"#,
            #"{"subject": "a", "seq": \#(number), "time": "2026-11-27T09:30:00Z"}"#,
            #"{"created": "2026-11-27T09:30:00Z", "state": {"messages": 0, "first_seq": 0, "last_seq": \#(number)}}"#,
            #"{"delivered": \#(place), "ack_floor": \#(place), \#(counts)}"#,
        ] {
            guard let taken = try? read(Data(text.utf8)) else { continue }
            #expect(taken == (try JSONValue(parsing: number).countValue == nil ? 0 : 1), "\(text)")
        }
    }

    @Test func `a broken reply subject is an address or none`() {
        var fuzzer = Fuzzer(seed: 7)
        let good = Data("$JS.ACK.AUTOMATA.intake.1.7.7.1796000000000000000.3".utf8)
        for _ in 0..<2000 * Fuzzer.factor {
            let variant = String(decoding: fuzzer.variant(of: good), as: UTF8.self)
            guard let address = DeliveryAddress(variant) else { continue }
            #expect(address.message(.negativeAcknowledge(delay: .seconds(1))).subject == variant)
        }
    }
}
