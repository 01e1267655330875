import Foundations

/// Settings of the platform or of a company, over the environment. What one leaves open the wider one says.
///
/// What a task gets of them is recorded with it when it is submitted. The others hold from a replica's next claim on.
package struct SettingsSpec: CatalogueSpec, Hashable {
    package static let kind = "settings"
    package static let levels: Set<CataloguePlace.Level> = [.platform, .company]
    package static let isReadByReplicas = true

    private static let own = [
        "model", "planner_model", "fallbacks", "max_iterations", "max_retries", "task_timeout", "push",
        "worker_concurrency", "checkpoint_days",
    ]
    /// The services of which a replica has places.
    package static let workers = ServiceKind.allCases.filter { !$0.row.kinds.isEmpty }

    /// As `agent.model`, `agent.planner_model` and `agent.max_iterations` of a task.
    package var model: String?
    package var plannerModel: String?
    package var maxIterations: Int?
    /// As `delivery.push` and `timeout_seconds` of a task.
    package var push: Bool?
    package var taskTimeout: Int?
    /// Models to try when one is unavailable.
    package var fallbacks: [String]?
    /// How often a stage that failed by accident runs again.
    package var maxRetries: Int?
    /// Tasks that one replica of a service runs at a time: the platform's alone.
    package var workerConcurrency: [ServiceKind: Int] = [:]
    /// Days after which the platform, or the company, pauses for a report; 0 is never. Not inherited: what the platform says
    /// is about the platform.
    package var checkpointDays: Int?

    package init() {}

    package init(_ fields: FieldReader, at place: CataloguePlace) throws(FieldError) {
        try fields.refuseOthers(than: Self.own)
        try self.init(recorded: fields)
        guard place.level == .platform || workerConcurrency.isEmpty else {
            throw fields.error("worker_concurrency", "replicas belong to the platform, not to a company")
        }
    }

    /// Reads what was checked before.
    package init(recorded fields: FieldReader) throws(FieldError) {
        model = try fields.optionalName("model")
        plannerModel = try fields.optionalName("planner_model")
        maxIterations = try fields.optionalInt("max_iterations", in: 1...10_000)
        push = try fields.optionalBool("push")
        taskTimeout = try fields.optionalInt("task_timeout", in: 1...2_592_000)
        fallbacks = fields.value("fallbacks") == nil ? nil : try fields.texts("fallbacks", atMost: 20, bytes: 256)
        maxRetries = try fields.optionalInt("max_retries", in: 0...100)
        checkpointDays = try fields.optionalInt("checkpoint_days", in: 0...365)
        let places = try fields.object("worker_concurrency")
        try places.refuseOthers(than: Self.workers.map(\.rawValue))
        for service in Self.workers {
            workerConcurrency[service] = try places.optionalInt(service.rawValue, in: 1...10_000)
        }
    }

    package var json: JSONValue {
        let places = workerConcurrency.map { ($0.key.rawValue, JSONValue.int($0.value)) }
        return JSONValue.object([
            "model": .optional(model), "planner_model": .optional(plannerModel), "fallbacks": .optional(fallbacks),
            "max_iterations": .optional(maxIterations), "max_retries": .optional(maxRetries),
            "task_timeout": .optional(taskTimeout), "push": push.map(JSONValue.bool) ?? .null,
            "checkpoint_days": .optional(checkpointDays),
            "worker_concurrency": .object(Dictionary(uniqueKeysWithValues: places)),
        ]).withoutNulls(and: ["worker_concurrency": [:]])
    }

    /// These, and of wider ones what they leave open.
    package func over(_ wider: SettingsSpec) -> SettingsSpec {
        var settings = self
        settings.model = model ?? wider.model
        settings.plannerModel = plannerModel ?? wider.plannerModel
        settings.maxIterations = maxIterations ?? wider.maxIterations
        settings.push = push ?? wider.push
        settings.taskTimeout = taskTimeout ?? wider.taskTimeout
        settings.fallbacks = fallbacks ?? wider.fallbacks
        settings.maxRetries = maxRetries ?? wider.maxRetries
        settings.workerConcurrency = wider.workerConcurrency.merging(workerConcurrency) { $1 }
        return settings
    }

    /// What a task gets of them, by the names of a submission.
    package var ofTasks: JSONValue {
        [
            "agent": [
                "model": .optional(model), "planner_model": .optional(plannerModel),
                "max_iterations": .optional(maxIterations),
            ],
            "delivery": ["push": push.map(JSONValue.bool) ?? .null],
            "timeout_seconds": .optional(taskTimeout),
        ]
    }
}

extension FieldReader {
    /// A name that says something, if there is one.
    fileprivate func optionalName(_ name: String) throws(FieldError) -> String? {
        value(name) == nil ? nil : try string(name, atMost: 256)
    }
}

extension JSONValue {
    static func optional(_ number: Int?) -> JSONValue { number.map(JSONValue.int) ?? .null }
}
