import Synchronization

/// What other threads ask of the loop.
final class TransferInbox: Sendable {
    enum Command {
        case start(Exchange)
        case resume(Exchange)
        case cancel(Exchange)
        case drain(Exchange)
        case stop
    }

    private let commands = Mutex<[Command]>([])
    private let multi: MultiHandle

    init(multi: MultiHandle) { self.multi = multi }

    func post(_ command: Command) {
        let wasEmpty = commands.withLock { commands in
            commands.append(command)
            return commands.count == 1
        }
        if wasEmpty { multi.wakeUp() }
    }

    func takeAll() -> [Command] {
        commands.withLock { commands in
            defer { commands.removeAll(keepingCapacity: commands.count < 256) }
            return commands
        }
    }
}
