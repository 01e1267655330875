/// Which sandbox an operator asks for: the setting `SANDBOX`.
package enum SandboxMode: String, Sendable, CaseIterable {
    /// The strongest level that works here; never ``none``.
    case auto
    /// Namespaces through bubblewrap.
    case bubblewrap
    /// Landlock rules without namespaces: not available in this version.
    case landlock
    /// No isolation. Only for trusted repositories; it must be asked for by name.
    case none
}

/// The isolation in force, reported as `artifacts.sandbox` of a result.
package enum SandboxLevel: String, Sendable, Codable {
    case bubblewrap, landlock, none
}
