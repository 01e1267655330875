import Contracts
import Database

extension Credentials {
    /// Takes the seal out, which is kept apart from the request; `nil` if there is none.
    mutating func takeSeal() -> String? {
        guard case .sealed(let text) = self, !text.isEmpty else { return nil }
        self = .sealed("")
        return text
    }
}

extension WorkflowRecord {
    /// The columns of a workflow `t` with the seal in its request: of two columns of a name the first is read.
    static let columnsWithSeal: SQL = """
        coalesce(jsonb_set(\(Ancestry.request), '{repository,credentials,sealed}', (
            select to_jsonb(c.sealed) from sealed_credentials c where c.workflow_id = \(Ancestry.sealed))),
            \(Ancestry.request))
            as request, \(columns)
        """
}
