/// A last question before a request goes out, asked on the thread that sends it.
///
/// A process may stand still at any moment, for as long as it likes. What made the request right when it was built may
/// be over when the process goes on: then the request fails, and nothing was sent.
package struct SendPermission: Sendable {
    /// Whether the request may still go out.
    package let isGiven: @Sendable () -> Bool

    package init(_ isGiven: @escaping @Sendable () -> Bool) { self.isGiven = isGiven }

    /// Of the requests that this task and its children make.
    ///
    /// It is a value that holds a function and no function itself: Swift 6.3.1 compiles `withValue` of a task-local
    /// function wrongly when another module calls it in an optimised build, and the process ends in
    /// `swift_task_localValuePush`.
    @TaskLocal package static var current = SendPermission { true }
}
