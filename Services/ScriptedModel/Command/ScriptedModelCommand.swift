import ArgumentParser
import Dispatch
import Foundation
import Foundations
import Glibc
import ScriptedModelServer

@main
struct ScriptedModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "automata-scripted-model",
        abstract: "An OpenAI-compatible model server that plays a script.",
        discussion: """
            It serves GET /v1/models, POST /v1/chat/completions (streamed and not) and GET /stats. When it accepts \
            connections it prints one line, "listening on http://HOST:PORT". SIGTERM ends it.

            The script is YAML or JSON:

              latency_ms: 200               # before every answer
              faults: {rate: 0.1, seed: 1, kinds: [rate_limited, cut]}
              roles:                        # the first that matches answers
                - name: coder
                  when:                     # all that is given must hold
                    tools: [finish]         # the request offers these
                    contains: some text     # in any message
                    model: some-model
                  after: error              # the last turn; or repeat (default)
                  count_from: conversation  # or last_user_message
                  turns:                    # n assistant messages: turn n
                    - content: Looking.
                      tool_calls:
                        - name: read_file
                          arguments: {file_path: '{{match:in (\\S+)}}'}
                    - {status: 429, retry_after: 1, times: 1, content: hi}
                    - tool_calls: [{name: finish, arguments: '{"broken'}]
                      usage: {prompt_tokens: 10, completion_tokens: 5}
                      cost: 0.001
                      latency_ms: 50

            An answer byte for byte, to reproduce what a provider sends:

              turns:
                - raw:
                    status: 200               # default
                    headers: {X-Note: odd}    # Content-Type is text/event-stream; '' leaves it out
                    event_end: "\\n\\n"         # after each "data" of the body
                    body:                     # a text, or parts:
                      - ": a comment\\n\\n"     # bytes as they are
                      - {base64: 77u/}        # bytes that are no text
                      - {data: {choices: [{delta: {content: hi}}]}}
                      - {pause_ms: 100}
                      - {data: '[DONE]'}
                      - {cut: true}           # or {stall: true}

            The rules of a strict provider; the first that a request breaks answers it:

              refuse:
                - each: messages[role=assistant][tool_calls]
                  lacks: reasoning_content    # or has: a path
                  message: reasoning_content is missing
                - each: messages[].tool_calls[].function.name
                  unless: ^[a-zA-Z0-9_-]{1,64}$  # or matches: an expression
                - order: [tool, user]         # messages of these roles in a row
                  raw: {status: 400, body: '[{"error": {"message": "no"}}]'}
                - {lacks: max_tokens, status: 422, times: 1}
                - {model: small, has: tools, message: small does not support tools}

            Faults of a turn: status (with retry_after), cut, stall, hang, garbage and raw. Each hits a request \
            always, or as many times as "times" says before the answer comes. Kinds of random faults: rate_limited, \
            server_error, cut, stall, hang, garbage.

            Placeholders in texts and arguments: {{model}}, {{last_tool_result}}, {{match:REGEX}} in the user \
            messages, {{result:REGEX}} in the tool results, the newest first. Arguments given as a string are sent as \
            they are, so they can be broken JSON.

            Every tool call in a conversation must be answered exactly once, directly after it was made. A request \
            that breaks this gets status 400, a line on stderr and in the log, and counts in /stats.
            """)

    @Option(help: "The script, YAML or JSON.")
    var script: String

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "A file to append one JSON line a request to.")
    var log: String?

    @Option(help: ArgumentHelp("The bearer token that requests must carry.", valueName: "key"))
    var requireKey: String?

    func run() async throws {
        let script: Script
        var options = ScriptedModelServer.Options()
        do {
            script = try Script(file: self.script)
            options.witness = try log.map { try Witness(path: $0) }
        } catch {
            throw ValidationError("\(error)")
        }
        options.host = host
        options.port = port
        options.requiredKey = requireKey.map { Secret($0) }
        FileDescriptors.raiseLimit()
        let server = ScriptedModelServer(script: script, options: options)
        try await Self.untilTerminated {
            try await server.run { address in
                FileHandle.standardOutput.write(Data("listening on \(address)\n".utf8))
            }
        }
    }

    /// Runs `body` until SIGTERM or SIGINT comes, then cancels it.
    private static func untilTerminated(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let terminated = Promise<Void>()
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { terminated.succeed(()) }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask { try await terminated.value() }
            try await group.next()
            group.cancelAll()
            while let ended = await group.nextResult() { _ = ended }
        }
    }
}
