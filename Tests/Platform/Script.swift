import Foundations
import ScriptedModelServer

// What the scripted model plays. A task chooses its part by the name of its model, so that one script serves all tests.
extension Role {
    /// The coder's turns for `model`.
    package static func coder(_ model: String, _ turns: [Turn], after: Afterwards = .repeat) -> Role {
        Role("coder \(model)", when: Condition(tools: ["finish"], model: model), after: after, turns: turns)
    }

    /// The coder's turns for `model` where a message holds `text`; must come before its ``coder(_:_:after:)``.
    package static func coder(_ model: String, seeing text: String, _ turns: [Turn]) -> Role {
        Role(
            "coder \(model) seeing \(text)", when: Condition(tools: ["finish"], contains: text, model: model),
            turns: turns)
    }

    /// The planner's turns for `model`; other models get ``anyPlanner``.
    package static func planner(_ model: String, _ turns: [Turn]) -> Role {
        Role("planner \(model)", when: Condition(tools: ["submit_plan"], model: model), turns: turns)
    }

    /// Plans every task in one step.
    package static let anyPlanner = Role("planner", when: Condition(tools: ["submit_plan"]), turns: [.plan])
}

extension Turn {
    /// Calls one tool; `cost` in US dollars.
    package static func call(_ name: String, _ arguments: JSONValue = [:], cost: Double? = nil) -> Turn {
        Turn(calls: [ScriptedCall(name, arguments)], cost: cost)
    }

    /// Writes a file.
    package static func write(_ path: String, _ content: String, cost: Double? = nil) -> Turn {
        call("write_file", ["file_path": .string(path), "content": .string(content)], cost: cost)
    }

    /// Runs a command, by default within the tool's own limit; `timeout` in seconds.
    package static func shell(_ command: String, timeout: Int? = nil) -> Turn {
        var arguments: [String: JSONValue] = ["command": .string(command)]
        if let timeout { arguments["timeout"] = .int(timeout) }
        return call("run_shell_command", .object(arguments))
    }

    /// The turn with what a tool's result says of `text`: the script fails if none says it.
    package static func quoting(_ text: String, _ turn: Turn) -> Turn {
        var turn = turn
        turn.content = "{{result:\(text)}}"
        return turn
    }

    /// Ends the coder's conversation.
    package static func finish(_ summary: String = "Done.", message: String? = nil) -> Turn {
        var arguments: [String: JSONValue] = ["summary": .string(summary)]
        if let message { arguments["commit_message"] = .string(message) }
        return call("finish", .object(arguments))
    }

    /// Submits a plan of two steps.
    package static let plan = call(
        "submit_plan",
        [
            "goal": "Change the file", "steps": ["Read it", "Change it"], "files_to_modify": ["app.txt"],
            "files_to_create": [], "validation_criteria": ["The check passes"],
        ])

    /// The fault in place of the answer that `self` would be.
    package func failing(_ fault: Fault, times: Int? = nil) -> Turn {
        var turn = self
        turn.fault = fault
        turn.times = times
        return turn
    }
}

/// The repository that most tests work on: a file to change and a check that tells whether it was.
package enum Sample {
    /// Its files by path.
    package static let files = [
        "app.txt": "old\n", "check.sh": "grep -qx new app.txt || { echo 'app.txt is stale'; exit 1; }\n",
    ]
    /// The commands that validate it.
    package static let commands: JSONValue = ["sh check.sh"]
    /// Does the task as it should be done.
    package static let repair: [Turn] = [.write("app.txt", "new\n"), .finish("Changed app.txt.")]
}
