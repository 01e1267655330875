/// A name and what it is.
package struct Fact: Sendable, Hashable {
    package var name: String
    package var text: String
    package var href: String?
    package var moment: Moment?
    /// Whether it is written as code: a branch, a hash, an id.
    package var isCode: Bool

    package init(_ name: String, _ text: String, isCode: Bool = false) {
        self.name = name
        self.text = text
        self.isCode = isCode
    }

    package init(_ name: String, _ link: Link, isCode: Bool = false) {
        self.init(name, link.text, isCode: isCode)
        href = link.href
    }

    package init(_ name: String, _ moment: Moment) {
        self.init(name, "")
        self.moment = moment
    }
}

/// One of several views of the same thing.
package struct Tab: Sendable, Hashable {
    package let name: String
    package let href: String
    package let isCurrent: Bool
    /// How many things are there; `nil` where it is not counted.
    package let count: String?

    package init(_ name: String, to place: String, isCurrent: Bool, count: Int? = nil) {
        self.name = name
        href = place
        self.isCurrent = isCurrent
        self.count = count.map(Amount.count)
    }
}

/// A field that a form sends along.
package struct HiddenField: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A form of labelled fields, as settings and projects have them. A new field is a value of ``Field``.
package struct Form: Sendable {
    /// Fields under one heading.
    package struct Group: Sendable {
        package let title: String
        package let fields: [Field]

        package init(_ title: String, _ fields: [Field]) {
            self.title = title
            self.fields = fields
        }
    }

    package var action: String
    package var groups: [Group]
    package var hidden: [HiddenField]
    package var submit: String
    /// Why it was not taken.
    package var error: String?

    package init(
        action: String, groups: [Group], hidden: [HiddenField] = [], submit: String = "Save", error: String? = nil
    ) {
        self.action = action
        self.groups = groups
        self.hidden = hidden
        self.submit = submit
        self.error = error
    }
}

/// A field of a form.
package struct Field: Sendable {
    /// How it is filled in.
    package enum Kind: String, Sendable {
        case text, number, secret, area, choice, flag
    }

    package let name: String
    package let label: String
    package let value: String
    /// What holds where it is left empty.
    package let fallback: String
    package let help: String?
    /// Where the value comes from, for example `company` or `environment`.
    package let source: String?
    package let choices: [Choice]
    package let id: String
    package let isLine: Bool
    package let type: String
    package let step: String?
    package let isArea: Bool
    package let isChoice: Bool
    package let isFlag: Bool
    package let isSet: Bool

    package init(
        _ name: String, _ label: String, _ kind: Kind = .text, value: String? = nil, fallback: String = "",
        help: String = "", source: String? = nil, choices: [Choice] = []
    ) {
        self.name = name
        self.label = label
        // What is secret is never sent to a browser.
        self.value = kind == .secret ? "" : value ?? ""
        self.fallback = fallback
        self.help = help.isEmpty ? nil : help
        self.source = source
        self.choices = choices
        id = "field-" + Place.encoded(name)
        isLine = [.text, .number, .secret].contains(kind)
        type = kind == .secret ? "password" : kind == .number ? "number" : "text"
        step = kind == .number ? "any" : nil
        isArea = kind == .area
        isChoice = kind == .choice
        isFlag = kind == .flag
        isSet = kind == .flag && value == "true"
    }
}
