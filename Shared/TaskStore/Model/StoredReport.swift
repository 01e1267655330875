import Contracts
import Database
import FoundationEssentials
import Foundations

/// A report as it is kept: the figures, and what they say to people.
package struct StoredReport: Sendable, Hashable {
    package let id: UUID
    package let place: PausePlace
    package let figures: Figures
    package let markdown: String
    /// Who or what asked for it.
    package let actor: String

    package init(of place: PausePlace, _ figures: Figures, markdown: String, by actor: String) {
        id = .v7()
        self.place = place
        self.figures = figures
        self.markdown = markdown
        self.actor = actor
    }

    var insert: SQL {
        get throws {
            """
            insert into reports (id, company_id, since, until, markdown, figures, created_by)
            values (\(id), \(place.key), \(figures.since), \(figures.until), \(markdown.storable),
                \(try JSONValue(encoding: figures).withContractNames.storable), \(actor.storable))
            """
        }
    }
}

extension JSONValue {
    /// With the names of fields as the contract writes them: `costUSD` as `cost_usd`.
    fileprivate var withContractNames: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.withContractNames))
        case .object(let members):
            .object(
                Dictionary(members.map { ($0.key.contractName, $0.value.withContractNames) }) { first, _ in first })
        default: self
        }
    }
}

extension String {
    fileprivate var contractName: String {
        var (name, wasLower) = ("", false)
        for character in self {
            if character.isUppercase, wasLower { name += "_" }
            name += character.lowercased()
            wasLower = !character.isUppercase
        }
        return name
    }
}
