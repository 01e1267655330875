import Foundations
import Mustache

/// The templates, compiled into the program. A new one is a file of `Resources` and a row here.
enum Templates {
    private static let sources: [(name: String, bytes: [UInt8])] = [
        ("layout", PackageResources.layout_mustache),
        ("icons", PackageResources.icons_mustache),
        ("token", PackageResources.token_mustache),
        ("time", PackageResources.time_mustache),
        ("badge", PackageResources.badge_mustache),
        ("bar", PackageResources.bar_mustache),
        ("choices", PackageResources.choices_mustache),
        ("facts", PackageResources.facts_mustache),
        ("tabs", PackageResources.tabs_mustache),
        ("form", PackageResources.form_mustache),
        ("versions", PackageResources.versions_mustache),
        ("pager", PackageResources.pager_mustache),
        ("sign-in", PackageResources.sign_in_mustache),
        ("problem", PackageResources.problem_mustache),
        ("fleet", PackageResources.fleet_mustache),
        ("fleet-status", PackageResources.fleet_status_mustache),
        ("charts", PackageResources.charts_mustache),
        ("replicas", PackageResources.replicas_mustache),
        ("queue-summary", PackageResources.queue_summary_mustache),
        ("model-table", PackageResources.model_table_mustache),
        ("pushes", PackageResources.pushes_mustache),
        ("task-form", PackageResources.task_form_mustache),
        ("new-task", PackageResources.new_task_mustache),
        ("tasks", PackageResources.tasks_mustache),
        ("task-row", PackageResources.task_row_mustache),
        ("bulk", PackageResources.bulk_mustache),
        ("task", PackageResources.task_mustache),
        ("task-head", PackageResources.task_head_mustache),
        ("task-controls", PackageResources.task_controls_mustache),
        ("task-overview", PackageResources.task_overview_mustache),
        ("timeline", PackageResources.timeline_mustache),
        ("diff", PackageResources.diff_mustache),
        ("validation", PackageResources.validation_mustache),
        ("evidence", PackageResources.evidence_mustache),
        ("events", PackageResources.events_mustache),
        ("transcript", PackageResources.transcript_mustache),
        ("queue", PackageResources.queue_mustache),
        ("models", PackageResources.models_mustache),
        ("logs", PackageResources.logs_mustache),
        ("log-line", PackageResources.log_line_mustache),
        ("reports", PackageResources.reports_mustache),
        ("report", PackageResources.report_mustache),
        ("settings", PackageResources.settings_mustache),
        ("company-standing", PackageResources.company_standing_mustache),
        ("projects", PackageResources.projects_mustache),
        ("project", PackageResources.project_mustache),
    ]

    /// What the templates are, by name; a fault where one cannot be read, which is a mistake in its file.
    static let loaded: (library: MustacheLibrary, faults: [String]) = {
        MustacheContentTypes.register(SafeText(), named: SafeText.name)
        var (library, faults) = (MustacheLibrary(), [String]())
        for (name, bytes) in sources + [("scene", Array("{{#it}}{{>*template}}{{/it}}".utf8))] {
            // Every template says it for itself: a partial begins with the library's own way.
            let text = "{{%CONTENT_TYPE:\(SafeText.name)}}\n" + String(decoding: bytes, as: UTF8.self).trimmed
            do { try library.register(text, named: name) } catch { faults.append("\(name): \(error)") }
        }
        return (library, faults)
    }()

    /// The texts of the templates, for tests of what they may hold.
    static var texts: [(name: String, text: String)] {
        sources.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) }
    }

    /// What `template` makes of `it`, which `visitor` sees. Every template can name what stands beside `it`.
    static func render(_ it: Any, with template: String, for visitor: Visitor) -> String {
        let scene: [String: Any] = [
            "csrf": visitor.csrf, "backHref": visitor.pageHref, "mayOperate": visitor.role >= .operator,
            "mayAdminister": visitor.role >= .admin && visitor.company == nil, "template": template,
            "it": TemplateValue.of(it) ?? [String: Any](),
        ]
        return loaded.library.render(scene, withTemplate: "scene") ?? ""
    }
}
