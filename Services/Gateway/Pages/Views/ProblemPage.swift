/// What is said where a page cannot be shown.
package struct ProblemPage: Page {
    package static let template = "problem"
    package let title: String
    package let status: Int
    package let detail: String
    package let links: [Link]

    package init(status: Int, title: String, detail: String, links: [Link] = [Link("Fleet", to: "/")]) {
        self.status = status
        self.title = title
        self.detail = detail
        self.links = links
    }

    package static func forbidden(_ detail: String = "Your token does not allow this.") -> ProblemPage {
        ProblemPage(status: 403, title: "Not allowed", detail: detail)
    }

    package static func notFound(_ detail: String = "There is nothing at this address.") -> ProblemPage {
        ProblemPage(
            status: 404, title: "Not found", detail: detail,
            links: [Link("Fleet", to: "/"), Link("Tasks", to: Place.tasks)])
    }

    package static func unavailable(
        _ detail: String = "The database or the bus does not answer. Nothing is lost; try again in a moment."
    ) -> ProblemPage {
        ProblemPage(status: 503, title: "Not available", detail: detail)
    }
}
