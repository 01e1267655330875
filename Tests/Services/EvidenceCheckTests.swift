import Contracts
import PusherService
import Testing

@Suite struct EvidenceCheckTests {
    private let evidence = Evidence(
        workflowID: "w", baseCommit: "b", tree: "t", success: true, requested: ["make lint", "make test"],
        commands: ["make lint", "make test"], exitCodes: [0, 0])

    /// The check of a record that fits the evidence, but for what `change` makes of the recorded validation.
    private func check(
        requested: [String] = ["make lint", "make test"], _ ran: [String] = ["make lint", "make test"],
        _ change: (inout ValidationResult) -> Void = { _ in }
    ) -> EvidenceCheck {
        var validation = ValidationResult(
            success: true,
            commands: ran.map { .init(command: $0, exitCode: 0, durationMilliseconds: 1, output: "") })
        change(&validation)
        return EvidenceCheck(workflowID: "w", baseCommit: "b", tree: "t", requested: requested, validation: validation)
    }

    @Test func `evidence that fits the record vouches for the tree`() {
        #expect(check().fault(of: evidence) == nil)
        #expect(check(requested: []).fault(of: evidence) == nil)
    }

    @Test func `evidence with any other fact does not`() {
        let changes: [(inout Evidence) -> Void] = [
            { $0.workflowID = "x" }, { $0.baseCommit = "x" }, { $0.tree = "x" }, { $0.success = false },
            { $0.requested = [] }, { $0.requested.append("make more") }, { $0.commands = [] },
            { $0.commands.swapAt(0, 1) }, { $0.exitCodes = [0] }, { $0.exitCodes = [0, 1] }, { $0.exitCodes = [] },
            { ($0.commands, $0.exitCodes) = ([], []) }, { $0.setup = "x" },
        ]
        for (index, change) in changes.enumerated() {
            var changed = evidence
            change(&changed)
            #expect(check().fault(of: changed) != nil, "change \(index)")
        }
    }

    @Test func `evidence of another setup than the base commit asks for does not vouch`() {
        let check = EvidenceCheck(
            workflowID: "w", baseCommit: "b", tree: "t", requested: [], setup: "s", validation: self.check().validation)
        #expect(check.fault(of: evidence) != nil)
        var installed = evidence
        installed.setup = "s"
        #expect(check.fault(of: installed) == nil)
    }

    @Test func `a record that tells another story is not vouched for`() {
        #expect(check { $0.success = false }.fault(of: evidence) != nil)
        #expect(check { $0.commands.removeLast() }.fault(of: evidence) != nil)
        #expect(check { $0.commands[0].exitCode = 1 }.fault(of: evidence) != nil)
        #expect(check(requested: ["make test"]).fault(of: evidence) != nil)
        let none = EvidenceCheck(workflowID: "w", baseCommit: "b", tree: "t", requested: [], validation: nil)
        #expect(none.fault(of: evidence) != nil)
    }

    @Test func `looks at syntax stand beside the commands, and one that found something is no success`() {
        func check(_ exitCode: Int, requested: [String] = ["make lint", "make test"]) -> EvidenceCheck {
            self.check(requested: requested) {
                $0.checks = [
                    .init(
                        command: "syntax (python3): a.py", exitCode: exitCode, durationMilliseconds: 1, output: "")
                ]
            }
        }
        #expect(check(0).fault(of: evidence) == nil && check(0, requested: []).fault(of: evidence) == nil)
        #expect(check(1).fault(of: evidence) != nil)
        let among = self.check(["syntax (python3): a.py", "make lint", "make test"])
        #expect(among.fault(of: evidence) != nil)
    }

    @Test func `what was asked for has to have run, what the validator chose may be left out`() {
        var partial = evidence
        (partial.commands, partial.exitCodes) = (["make test"], [0])
        #expect(check(["make test"]).fault(of: partial) != nil)
        #expect(check(requested: [], ["make test"]).fault(of: partial) == nil)
        partial.commands = ["make other"]
        #expect(check(requested: [], ["make other"]).fault(of: partial) != nil)
    }
}
