/// A setting about models that is missing or wrong. It holds no values.
package struct ModelSettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting to mend, such as `OPENROUTER_API_KEY`.
    package let variable: String
    /// What is wrong with it; reads on after the name.
    package let problem: String

    init(_ variable: String, _ problem: String) {
        self.variable = variable
        self.problem = problem
    }

    package var description: String { "\(variable) \(problem)" }
}
