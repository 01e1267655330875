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
                \(try JSONValue(encoding: figures).storable), \(actor.storable))
            """
        }
    }
}
