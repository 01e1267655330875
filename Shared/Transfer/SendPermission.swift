/// A last question before a request goes out, asked on the thread that sends it.
///
/// A process may stand still at any moment, for as long as it likes. What made the request right when it was built may
/// be over when the process goes on: then the request fails as ``TransferError/Code/cancelled``, and nothing was sent.
package enum SendPermission {
    /// Of the requests that this task and its children make.
    @TaskLocal package static var isGiven: @Sendable () -> Bool = { true }
}
