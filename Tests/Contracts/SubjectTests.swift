import Contracts
import Foundation
import Foundations
import Testing

@Suite struct SubjectTests {
    static let hostile = [
        "", " ", "a b", "a.b", ".", "..", "*", ">", "a*", "a>", "$SYS", "a\r\nb", "\n", "a\u{0}", "\u{0}", "a\t", "ä",
        "а", "名", "e\u{301}", "\u{301}", "\u{200B}", "😀", "a/b", "../etc", "a\\b", "a'b", "a\"b", "a;b", "a%00", "a@b",
        String(repeating: "a", count: 65), String(repeating: "a", count: 4096),
    ]

    @Test(arguments: hostile)
    func `a hostile id is no id`(_ text: String) {
        #expect(TaskID(text) == nil)
        #expect(CompanyID(text) == nil)
        #expect(ProjectID(text) == nil)
        #expect(throws: (any Error).self) { try JSON.decode(TaskID.self, from: JSON.encode(text)) }
    }

    @Test(arguments: hostile)
    func `a subject with a hostile token names nothing`(_ text: String) {
        let scheme = SubjectScheme()
        for position in 0..<4 {
            var tokens = ["acme", "web", "fix", "status"]
            tokens[position] = text
            #expect(scheme.parse("automata.workflows.\(tokens.joined(separator: "."))") == nil)
        }
        #expect(scheme.parse(text) == nil)
        #expect(scheme.parse("\(text).acme.web.fix.status") == nil)
    }

    @Test(arguments: [
        "", "automata", "automata.workflows", "automata.workflows.", "automata.workflows.a.b.c",
        "automata.workflows.a.b.c.d.e", "automata.workflowsX.a.b.c.d", "x.automata.workflows.a.b.c.d",
        "automata.workflows.signals", "AUTOMATA.workflows.a.b.c.d",
    ])
    func `a subject of another shape names nothing`(_ subject: String) {
        #expect(SubjectScheme().parse(subject) == nil)
    }

    @Test(arguments: ["automata.workflows", "a", "a.b.c.d.e.f.g.h", "Prod-1.automata_x"])
    func `a subject reads back under every prefix`(_ prefix: String) throws {
        let scheme = try #require(SubjectScheme(prefix: prefix))
        for event in EventType.allCases {
            let parsed = try #require(scheme.parse(scheme.subject(Sample.address, event)))
            #expect(parsed.address == Sample.address)
            #expect(parsed.last == event.rawValue)
        }
        for request in RequestType.allCases {
            #expect(scheme.parse(scheme.subject(Sample.address, request))?.last == request.rawValue)
        }
    }

    @Test(arguments: hostile.filter { !$0.isEmpty && $0 != "a.b" } + ["a..b", ".a", "a.", "a.*", "a.b.c.d.e.f.g.h.i"])
    func `a hostile prefix is refused`(_ prefix: String) {
        #expect(SubjectScheme(prefix: prefix) == nil)
        #expect(SubjectScheme(prefix: "automata.\(prefix)") == nil || prefix == "a.b.c.d.e.f.g.h")
    }

    @Test func `ids that end like a prefix are told apart from the right`() throws {
        let scheme = try #require(SubjectScheme(prefix: "a.a"))
        let parsed = try #require(scheme.parse("a.a.a.a.a.status"))
        #expect(parsed.address.company.text == "a")
        #expect(scheme.parse("a.a.a.a.status") == nil)
    }

    @Test func `a random address reads back`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let address = generator.address()
            let subject = SubjectScheme().subject(address, EventType.planCreated)
            #expect(SubjectScheme().parse(subject)?.address == address, "seed \(seed)")
        }
    }

    @Test func `the stream holds every event, every permit and no request`() {
        let subjects = SubjectScheme().streamSubjects
        #expect(subjects.count == EventType.allCases.count + StepKind.rows.count)
        #expect(Set(subjects).count == subjects.count)
        for row in StepKind.rows { #expect(subjects.contains(SubjectScheme().filter(permit: row.kind))) }
        for request in RequestType.allCases { #expect(!subjects.contains(SubjectScheme().filter(request))) }
        #expect(Set(EventType.allCases.map(\.rawValue)).isDisjoint(with: RequestType.allCases.map(\.rawValue)))
    }
}
