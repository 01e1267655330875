import FlyingSocks
import Foundation
import Synchronization
import TestSupport

/// What a ``TCPProxy`` does at the moment, for all of its connections.
final class Valve: Sendable {
    private struct State {
        var mode = TCPProxy.Mode.pass
        /// Opens when the mode changes.
        var change = Gate()
    }

    private struct Cut: Error {}

    private let state = Synchronization.Mutex(State())

    var mode: TCPProxy.Mode { state.withLock { $0.mode } }

    func set(_ mode: TCPProxy.Mode) {
        let change = state.withLock { state in
            defer { state = State(mode: mode) }
            return state.change
        }
        change.open()
    }

    /// Passes on what `source` sends as the mode says, until one of them ends or a piece may not pass.
    func pump(from source: AsyncSocket, to sink: AsyncSocket, _ mayPass: (Data) -> Bool) async throws {
        while true {
            let piece = Data(try await source.read(atMost: 4_096))
            guard mayPass(piece) else { throw Cut() }
            try await wait { if case .stall = $0 { false } else { true } }
            switch mode {
            case .delay(let duration): try await Deadline.elapse(duration)
            case .cut:
                try await sink.write(piece.prefix(piece.count / 2))
                throw Cut()
            case .pass, .stall, .refuse: break
            }
            try await sink.write(piece)
        }
    }

    /// Throws once connections are refused.
    func untilRefused() async throws {
        try await wait { if case .refuse = $0 { true } else { false } }
        throw Cut()
    }

    private func wait(until holds: (TCPProxy.Mode) -> Bool) async throws {
        while true {
            let (mode, change) = state.withLock { ($0.mode, $0.change) }
            if holds(mode) { return }
            try await change.wait(within: nil)
        }
    }
}
