/// Which sandbox an operator asks for: the setting `SANDBOX`.
package enum SandboxMode: String, Sendable, CaseIterable {
    /// The strongest level that works here; never ``none``.
    case auto
    /// Namespaces through bubblewrap, and a filter of system calls.
    case bubblewrap
    /// No isolation. Only for trusted repositories; it must be asked for by name.
    case none
}

/// The isolation in force, reported as `artifacts.sandbox` of a result.
package enum SandboxLevel: String, Sendable, Codable {
    case bubblewrap, none
}
