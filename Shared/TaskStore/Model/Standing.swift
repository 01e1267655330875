/// Whether work of a company, or of the platform, goes on. Pure: what follows from what.
package enum Standing: String, Sendable, Hashable, CaseIterable {
    /// Nothing holds it.
    case going
    /// Nothing new is claimed until somebody resumes.
    case paused
    /// On the way to a checkpoint: nothing new is claimed, and what runs ends its step.
    case halting
    /// At a checkpoint: its report is written, until somebody resumes.
    case reached

    /// What happens to it.
    package enum Cause: Sendable, CaseIterable {
        case pause, checkpoint, resume
        /// Nothing runs any more.
        case rest
    }

    /// What it is once that has happened. What asks for what holds already changes nothing.
    package func after(_ cause: Cause) -> Standing {
        switch (cause, self) {
        case (.resume, _): .going
        case (.pause, .going): .paused
        case (.checkpoint, .going), (.checkpoint, .paused): .halting
        case (.rest, .halting): .reached
        case (.pause, _), (.checkpoint, _), (.rest, _): self
        }
    }
}
