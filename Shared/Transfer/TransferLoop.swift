import CCURL
import Foundations

/// Runs all transfers of one client. It is made, used and dropped on one thread.
final class TransferLoop {
    private let multi: MultiHandle
    private let inbox: TransferInbox
    private let configuration: HTTPClientConfiguration
    private var active: [ObjectIdentifier: ActiveTransfer] = [:]
    private var spareHandles: [UnsafeMutableRawPointer] = []
    private let arrivals = Arrivals()
    private var nextSweep = ContinuousClock.now

    /// How often idle transfers are looked for.
    private static let sweepInterval = Duration.milliseconds(100)
    private static let maxSpareHandles = 32

    init(multi: MultiHandle, inbox: TransferInbox, configuration: HTTPClientConfiguration) {
        self.multi = multi
        self.inbox = inbox
        self.configuration = configuration
    }

    /// Returns after ``TransferInbox/Command/stop``.
    func run() {
        while obeyCommands() {
            multi.perform()
            while let (easy, result) = multi.nextCompleted() { complete(easy, result) }
            arrivals.deliver()
            sweep()
            multi.wait(milliseconds: active.isEmpty ? 60_000 : 100)
        }
        arrivals.deliver()
        for transfer in active.values { end(transfer, .cancelled) }
        for easy in spareHandles { curl_easy_cleanup(easy) }
    }

    /// Returns `false` when the loop must stop.
    private func obeyCommands() -> Bool {
        for command in inbox.takeAll() {
            switch command {
            case .start(let exchange): start(exchange)
            case .resume(let exchange): active[ObjectIdentifier(exchange)]?.resume()
            case .cancel(let exchange):
                if let transfer = active[ObjectIdentifier(exchange)] { end(transfer, .cancelled) }
            case .drain(let exchange): active[ObjectIdentifier(exchange)]?.drain()
            case .stop: return false
            }
        }
        return true
    }

    private func start(_ exchange: Exchange) {
        guard !exchange.body.hasEnded else { return }
        guard exchange.permission.isGiven() else {
            exchange.finish(.cancelled)
            return
        }
        guard let easy = spareHandles.popLast() ?? curl_easy_init() else {
            exchange.finish(TransferError(.other, "there is no memory for another transfer"))
            return
        }
        let transfer = ActiveTransfer(exchange, easy: easy, configuration: configuration, arrivals: arrivals)
        active[ObjectIdentifier(exchange)] = transfer
        guard transfer.isConfigured, curl_multi_add_handle(multi.raw, easy) == CURLM_OK else {
            return end(transfer, TransferError(.other, "libcurl refuses the request"))
        }
    }

    private func complete(_ easy: UnsafeMutableRawPointer, _ result: CURLcode) {
        guard let transfer = ActiveTransfer.of(easy) else { return }
        end(transfer, transfer.error(for: result))
    }

    private func end(_ transfer: ActiveTransfer, _ error: TransferError?) {
        curl_multi_remove_handle(multi.raw, transfer.easy)
        curl_easy_reset(transfer.easy)
        if spareHandles.count < Self.maxSpareHandles {
            spareHandles.append(transfer.easy)
        } else {
            curl_easy_cleanup(transfer.easy)
        }
        active[ObjectIdentifier(transfer.exchange)] = nil
        transfer.exchange.finish(error, head: transfer.takeHead())
    }

    private func sweep() {
        let now = ContinuousClock.now
        guard now >= nextSweep else { return }
        nextSweep = now + Self.sweepInterval
        for transfer in active.values where transfer.isOverdue(at: now) {
            end(transfer, TransferError(.timeout, "no data for \(transfer.exchange.request.idleTimeout)"))
        }
    }
}
