/// A statement whose values are bound, never spliced into the text: `"select … where id = \(id)"` becomes `$1`.
///
/// Only literals of the source code, ``SQL`` itself and quoted identifiers make up the text, so a value that came from
/// outside cannot change what a statement does.
///
///     let wanted: SQL = "status = \(status)"
///     try connection.execute("select id from task where \(wanted) limit \(10)")
package struct SQL: Sendable, Hashable {
    /// The text before, between and after the parameters: always one more than there are parameters.
    private(set) var fragments: [String]
    /// The bound values, `$1` first.
    private(set) var parameters: [SQLParameter]

    /// An empty statement, the start of one that grows.
    package init() {
        fragments = [""]
        parameters = []
    }

    /// The text with `$1`, `$2`, … in the place of the parameters.
    package var text: String {
        var text = fragments[0]
        for (index, fragment) in fragments.dropFirst().enumerated() {
            text += "$\(index + 1)"
            text += fragment
        }
        return text
    }

    mutating func append(text: String) { fragments[fragments.count - 1] += text }

    mutating func append(_ parameter: SQLParameter) {
        parameters.append(parameter)
        fragments.append("")
    }

    mutating func append(_ other: SQL) {
        append(text: other.fragments[0])
        fragments += other.fragments.dropFirst()
        parameters += other.parameters
    }
}

extension SQL {
    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.append(right)
        return sum
    }

    package static func += (left: inout SQL, right: SQL) { left.append(right) }

    /// The items one after the other with `separator` between them, for example the rows of `values`.
    package static func list(_ items: [SQL], separator: SQL = ", ") -> SQL {
        var list = SQL()
        for (index, item) in items.enumerated() {
            if index > 0 { list.append(separator) }
            list.append(item)
        }
        return list
    }
}
