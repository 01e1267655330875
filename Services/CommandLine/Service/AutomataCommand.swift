import ArgumentParser

/// The tool `automata`.
package struct AutomataCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "automata",
        abstract: "Runs and drives Automata: autonomous coding over NATS.",
        discussion: """
            Exit codes: 0 done, 1 the task failed, 64 wrong usage, 66 not found, 69 a server cannot be reached, \
            75 refused by the platform, 78 wrong settings.
            """,
        subcommands: [
            UpCommand.self, DownCommand.self, ListProcessesCommand.self, OpenCommand.self, AddCommand.self,
            ApplyCommand.self, SubmitCommand.self, WatchCommand.self,
            StatusCommand.self, DiffCommand.self, ListTasksCommand.self, QueryCommand.self, ControlCommand.self,
            DefineCommand.self, DescribeCommand.self, ListCommand.self, RemoveCommand.self,
            DeadLettersCommand.self, LimitsCommand.self, TokensCommand.self, ReplicasCommand.self, PauseCommand.self,
            ResumeCommand.self, RestartCommand.self, DrainCommand.self, CheckpointCommand.self, ReportCommand.self,
            LogsCommand.self,
            WebhooksCommand.self, MigrateCommand.self, DoctorCommand.self, KeysCommand.self, SealCommand.self,
            NATSConfigurationCommand.self, SuperviseCommand.self,
        ])

    package init() {}
}
