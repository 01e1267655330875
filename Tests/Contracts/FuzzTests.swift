import Contracts
import Foundation
import Foundations
import TestSupport
import Testing

/// Every decoder of what comes from the bus, against broken and hostile messages: a value or a typed error, never a crash.
@Suite(.timeLimit(.minutes(5 * Fuzzer.factor))) struct FuzzTests {
    private static let rounds = 20 * Fuzzer.factor

    private static func messages() throws -> [Data] { try GoldenCase.all().map { try GoldenCase.file($0.name) } }

    private static func decoder<T: Codable>(_ type: T.Type) -> (Data) throws -> JSONValue {
        { try JSONValue(encoding: try JSON.decode(T.self, from: $0)) }
    }

    private static func details() -> [(Data) throws -> JSONValue] {
        func decoder<T: EventDetails>(_ details: T) -> (Data) throws -> JSONValue {
            { try EventDraft(try JSON.decode(T.self, from: $0)).details }
        }
        return (Sample.details + Sample.detailsOfChildren).map { decoder($0) }
    }

    private static func decoders() -> [(Data) throws -> JSONValue] {
        [
            { try TaskRequest(decoding: $0).json }, { try TaskRequest(submitted: $0).json },
            { try ControlRequest(decoding: $0).json }, { try QueryRequest(decoding: $0).json },
            { try DiffRequest(decoding: $0).json }, { try DescribeRequest(decoding: $0).json },
            { try ListRequest(decoding: $0).json }, { try RemoveRequest(decoding: $0).json },
            { try SubmittedRequest($0, to: Sample.address).content },
            { try Reply(decoding: $0).json },
            { try JSON.decode(Event.self, from: $0).details.decode(WorkflowResult.self).soFar(.running) },
            decoder(Event.self), decoder(StageRequest.self), decoder(ObjectsRequest.self),
            decoder(StatusSnapshot.self), decoder(WorkflowResult.self), decoder(Evidence.self),
            decoder(WebhookPayload.self), decoder(CatalogueDescription.self),
        ] + details() + Catalogue.kinds.map(definition)
    }

    /// What is defined, wherever an object of the kind may stand.
    private static func definition(_ kind: any CatalogueSpec.Type) -> (Data) throws -> JSONValue {
        { body in
            let spec = try FieldReader(try DefineRequest(decoding: body).spec)
            let places = [Sample.projectPlace, Sample.platformPlace].compactMap { try? kind.place($0) }
            return .array(try places.map { try kind.init(spec, at: $0).json })
        }
    }

    @Test(arguments: try messages())
    func `a broken message is a value or an error`(_ message: Data) throws {
        var fuzzer = Fuzzer(seed: UInt64(message.count))
        let decoders = Self.decoders()
        var refused = 0
        for _ in 0..<Self.rounds {
            let variant = fuzzer.variant(of: message)
            for decode in decoders {
                // Whatever was taken can be cut to the size of an event and written again.
                do { _ = try decode(variant).fitting(Event.maximumDetailsBytes).data() } catch { refused += 1 }
            }
        }
        #expect(refused > Self.rounds)
    }

    @Test func `what the parser takes it writes and takes again as the same`() throws {
        var fuzzer = Fuzzer(seed: 9)
        var taken = 0
        for message in try Self.messages() {
            for _ in 0..<3 * Self.rounds {
                let variant = fuzzer.variant(of: message)
                guard let value = try? JSONValue(parsing: variant) else { continue }
                taken += 1
                #expect(try JSONValue(parsing: value.data()) == value)
            }
        }
        #expect(taken > 15 * Self.rounds)
    }

    @Test(arguments: Fuzzer.numbers)
    func `no number breaks the parser or what reads numbers`(_ number: String) throws {
        guard let value = try? JSONValue(parsing: number) else { return }
        #expect(try JSONValue(parsing: value.data()) == value)
        let fields = try FieldReader(["n": value])
        #expect(throws: FieldError.self) { try fields.optionalInt("n", in: 17...17) }
        #expect(throws: FieldError.self) { try fields.optionalDouble("n", in: 17...17) }
        #expect(throws: FieldError.self) { try fields.optionalString("n") }
    }
}
