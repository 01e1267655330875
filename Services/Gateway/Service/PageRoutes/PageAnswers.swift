import Contracts
import Foundations
import GatewayPages
import TaskStore

extension Answer {
    /// A page as who asked for it sees it.
    ///
    /// - Parameter stream: The path of what changes on it.
    static func page(_ page: some Page, for call: Call, stream: String? = nil, _ status: Int = 200) -> Answer {
        let frame = Frame(
            call.visitor, isSignedIn: call.caller != .nobody, notice: call.notice, stream: stream,
            isStill: call.query["hold"] == ["1"], sections: PageRoutes.sections(of: call.caller))
        return .html(page.render(in: frame), status)
    }
}

extension Problem {
    /// What people are shown.
    func page(for call: Call) -> Answer {
        let page =
            switch status {
            case 403: ProblemPage.forbidden(detail)
            case 404: ProblemPage.notFound()
            case 503: ProblemPage.unavailable()
            default: ProblemPage(status: status, title: Self.titles[status] ?? "Error", detail: detail)
            }
        return .page(page, for: call, status)
    }
}

extension Call {
    /// Who looks at a page.
    var visitor: Visitor {
        Visitor(
            name: caller.name, role: caller.grant.flatMap { Visitor.Role(rawValue: $0.role.rawValue) } ?? .viewer,
            company: caller.company?.text, csrf: caller.formSecret ?? "", page: method.isSafe ? target : "/")
    }

    /// What came of the action that led here: one of a few words, so that no address can put others there.
    fileprivate var notice: Frame.Notice? {
        query["done"]?.first.flatMap { Self.notices[$0] }.map { Frame.Notice($0) }
    }

    private static let notices = [
        "added": "The task was added.", "cancel": "Cancelled.", "pause": "Paused.", "resume": "Resumed.",
        "steer": "The agent reads it before its next step.", "approve": "Approved.", "reject": "Rejected.",
        "raise_budget": "The budget was raised.", "retry": "It is tried again.", "set_priority": "The priority is set.",
        "replay_webhook": "The webhook is delivered again.", "saved": "Saved.", "removed": "Removed.",
        "asked": "It was asked for.",
    ]

    /// Where a form leads back to: a place within the dashboard, whatever the form says. Of several the page's that was
    /// there first is the last.
    static func back(_ form: [String: [String]], done: String) -> Answer {
        let given = form["back"]?.last ?? "/"
        let place = Link("", to: given).href ?? "/"
        let parts = place.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let fields = parts.count > 1 ? parts[1].split(separator: "&").filter { !$0.hasPrefix("done=") } : []
        let query = (fields.map(String.init) + ["done=\(done)"]).joined(separator: "&")
        return .seeOther("\(parts[0])?\(query)")
    }
}

/// A form that was sent.
struct SentForm: Sendable {
    let fields: [String: [String]]

    init(_ body: some Sequence<UInt8>) throws(Problem) {
        fields = try FormEncoding.fields(String(decoding: Array(body), as: UTF8.self))
    }

    /// The text of a field where there is one.
    func text(_ name: String) -> String? { fields[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    func number(_ name: String) throws(Problem) -> Double? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text), number.isFinite else { throw .malformed("\(name): expected a number") }
        return number
    }
}
