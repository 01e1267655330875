/// What was asked, what is planned and what came of it.
package struct TaskOverview: Sendable {
    /// The plan of the work.
    package struct Plan: Sendable {
        /// One of its steps.
        package struct Step: Sendable {
            package var text: String
            package var isDone: Bool

            package init(text: String, isDone: Bool) {
                self.text = text
                self.isDone = isDone
            }
        }

        package var goal: String
        package var steps: [Step]
        package var filesToCreate: [String]
        package var filesToModify: [String]
        package var validationCriteria: [String]

        package init(
            goal: String, steps: [Step], filesToCreate: [String] = [], filesToModify: [String] = [],
            validationCriteria: [String] = []
        ) {
            self.goal = goal
            self.steps = steps
            self.filesToCreate = filesToCreate
            self.filesToModify = filesToModify
            self.validationCriteria = validationCriteria
        }
    }

    /// Something an agent noted.
    package struct Discovery: Sendable {
        package var content: String
        package var tags: [String]
        package var created: Moment

        package init(content: String, tags: [String], created: Moment) {
            self.content = content
            self.tags = tags
            self.created = created
        }
    }

    /// A message to a webhook.
    package struct Webhook: Sendable {
        package var id: String
        package var url: String
        package var status: Badge
        package var attempts: Int
        package var error: String?
        package var mayReplay: Bool
        /// Where the form goes that delivers it again.
        package var action: String

        package init(
            id: String, url: String, status: Badge, attempts: Int, error: String? = nil, mayReplay: Bool = false,
            action: String
        ) {
            self.id = id
            self.url = url
            self.status = status
            self.attempts = attempts
            self.error = error
            self.mayReplay = mayReplay
            self.action = action
        }
    }

    package var description: String
    package var requirements: [String]
    package var plan: Plan?
    /// Those of its tasks that it gave others, the newest first.
    package let children: [TaskRow]
    package let hasChildren: Bool
    /// How many there are of them, in words.
    package let childCounts: String
    package var discoveries: [Discovery]
    package var webhooks: [Webhook]

    package init(
        description: String, requirements: [String] = [], plan: Plan? = nil, children: [TaskRow] = [],
        childCounts: String = "", discoveries: [Discovery] = [], webhooks: [Webhook] = []
    ) {
        self.description = description
        self.requirements = requirements
        self.plan = plan
        self.children = children
        hasChildren = !children.isEmpty
        self.childCounts = childCounts
        self.discoveries = discoveries
        self.webhooks = webhooks
    }
}
