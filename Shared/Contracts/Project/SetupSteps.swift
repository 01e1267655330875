import Foundations

/// What is installed before work starts, and from where.
package struct SetupSteps: Sendable, Hashable {
    /// Shell commands, run in order on the base commit; none where nothing is installed.
    package var commands: [String]
    /// The hosts that the commands fetch from; empty for all that the operator allows.
    package var hosts: [HostPattern]

    package init(commands: [String] = [], hosts: [HostPattern] = []) {
        self.commands = commands
        self.hosts = hosts
    }

    /// Reads the fields `setup` and `fetch` of `validation`.
    package init(_ fields: FieldReader) throws(FieldError) {
        commands = try fields.texts("setup", atMost: 20, bytes: TaskRequest.maximumCommandBytes)
        hosts = []
        for (index, text) in try fields.texts("fetch", atMost: 50, bytes: 300).enumerated() {
            guard let host = HostPattern(text) else { throw fields.error("fetch[\(index)]", HostPattern.form) }
            hosts.append(host)
        }
    }

    /// The fields, where they say something: a task that was submitted before there were any stays the same task.
    package var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        if !commands.isEmpty { members["setup"] = .strings(commands) }
        if !hosts.isEmpty { members["fetch"] = .strings(hosts.map(\.description)) }
        return members
    }

    /// These, and of `other` what they do not say.
    package func completed(by other: SetupSteps) -> SetupSteps {
        SetupSteps(
            commands: commands.isEmpty ? other.commands : commands, hosts: hosts.isEmpty ? other.hosts : hosts)
    }
}
