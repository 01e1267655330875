/// What stands around every page.
package struct Frame: Sendable {
    /// What came of an action.
    package struct Notice: Sendable, Hashable {
        package let text: String
        package let tone: Tone

        package init(_ text: String, tone: Tone = .good) {
            self.text = text
            self.tone = tone
        }
    }

    /// Why nothing new is begun.
    package struct Hold: Sendable {
        package let text: String
        package let since: Moment?
        /// The form that ends it.
        package let action: String

        package init(_ text: String, since: Moment? = nil, action: String = Place.platformActions) {
            self.text = text
            self.since = since
            self.action = action
        }
    }

    package var visitor: Visitor
    package var isSignedIn: Bool
    package var notice: Notice?
    package var hold: Hold?
    /// The path of the page's event stream; `nil` where nothing on it changes.
    package var stream: String?
    /// Whether a browser without script is to leave the page as it is, so that one can write in it: `hold=1` in its query.
    package var isStill: Bool
    /// The entries of the navigation.
    package var sections: [Section]

    package init(
        _ visitor: Visitor, isSignedIn: Bool = true, notice: Notice? = nil, hold: Hold? = nil, stream: String? = nil,
        isStill: Bool = false, sections: [Section] = Section.allCases
    ) {
        self.visitor = visitor
        self.isSignedIn = isSignedIn
        self.notice = notice
        self.hold = hold
        self.stream = stream
        self.isStill = isStill
        self.sections = sections
    }
}

/// What the template of the frame names.
struct Layout: Sendable {
    struct Entry: Sendable {
        let name: String
        let href: String
        let key: String
        let icon: String
        let isCurrent: Bool
    }

    struct Account: Sendable {
        let name: String
        let role: String
        let company: String?
    }

    let title: String
    let entries: [Entry]
    let account: Account?
    let notice: Frame.Notice?
    let hold: Frame.Hold?
    let streamHref: String?
    /// After how many seconds a browser without script asks for the page again.
    let refresh: Int?
    /// Where the page stands still, and where it goes on.
    let holdHref: String?
    let followHref: String?
    let styleSheetHref: String
    let scriptHref: String
    let iconHref: String
    let content: HTML

    init(_ frame: Frame, title: String, section: Section?, content: HTML) {
        self.title = title
        entries = frame.isSignedIn ? frame.sections.map { Entry($0, isCurrent: $0 == section) } : []
        account =
            frame.isSignedIn
            ? Account(name: frame.visitor.name, role: frame.visitor.role.rawValue, company: frame.visitor.company) : nil
        notice = frame.notice
        hold = frame.hold
        streamHref = frame.stream.flatMap { Link("", to: $0).href }
        let page = frame.visitor.pageHref
        refresh = streamHref == nil || frame.isStill ? nil : 20
        holdHref = refresh == nil ? nil : page + (page.contains("?") ? "&" : "?") + "hold=1"
        followHref = frame.isStill ? page.replacing(#/[?&]hold=1/#, with: "") : nil
        styleSheetHref = Asset.styleSheet.path
        scriptHref = Asset.script.path
        iconHref = Asset.icon.path
        self.content = content
    }
}

extension Layout.Entry {
    fileprivate init(_ section: Section, isCurrent: Bool) {
        let row = section.row
        self.init(name: row.name, href: row.path, key: row.key, icon: section.rawValue, isCurrent: isCurrent)
    }
}
