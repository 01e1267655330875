import Foundation
import Foundations

extension Invariant {
    /// How long after its answer a model call may still be unrecorded: its owner gives up when its lease has ended.
    /// What was recorded is held to ``noRecordedCallAgain``, which excuses nothing.
    private static let recording = Installation.lease.seconds

    /// A request is repeated only if a fault hit its last call before that was recorded, or its answer was of no use;
    /// each fault excuses one repeat of a request.
    static let noCallTwice = Invariant("no finished model call is paid for twice") { testimony in
        Dictionary(grouping: testimony.modelCalls, by: \.hash).sorted { $0.key < $1.key }.compactMap { hash, calls in
            var left = testimony.disturbances
            for (call, again) in zip(calls, calls.dropFirst()) where call.isUsable {
                let end = (call.end ?? again.begin).addingTimeInterval(recording)
                guard let cause = left.firstIndex(where: { $0.start <= end && $0.end >= call.begin }) else {
                    let times = calls.map { "\(seconds($0.begin))-\($0.end.map(seconds) ?? "?")" }
                    let faults = testimony.disturbances.map { "\(seconds($0.start))-\(seconds($0.end))" }
                    return ("request \(hash) came at \(times); faults at \(faults)", nil)
                }
                left.remove(at: cause)
            }
            return nil
        }
    }

    /// Once a reply is recorded, its request never comes again, whatever breaks. The scripted model names the tool
    /// calls of its answer after the request (see its `Completion`), so a reply of the record leads to the witness.
    static let noRecordedCallAgain = Invariant("no recorded reply is asked for again") { testimony in
        let calls = Dictionary(grouping: testimony.modelCalls, by: \.hash)
        let replies = testimony.record.steps.filter { $0.kind == "model_call" && $0.isDone }
        return replies.compactMap { reply in
            guard let finished = reply.finished, let name = reply.call else { return nil }
            let seen = name.firstMatch(of: #/^call_(.+)_0$/#).flatMap { calls[String($0.1)] } ?? []
            if seen.isEmpty { return ("\(reply.run) holds \(name), which the model never said", nil) }
            let late = seen.map(\.begin).filter { $0.timeIntervalSince1970 > finished }
            return late.isEmpty ? nil : ("\(reply.run) holds \(name), asked for again at \(late.map(seconds))", nil)
        }
    }

    /// Seconds of the hour.
    private static func seconds(_ time: Date) -> String {
        let seconds = time.timeIntervalSince1970.truncatingRemainder(dividingBy: 3600)
        return "\((seconds * 100).rounded() / 100)"
    }

    /// The journal of a workflow holds one reply to a request.
    static let noReplyRecordedTwice = Invariant("no reply is recorded twice") { testimony in
        let replies = testimony.record.steps.filter { $0.kind == "model_call" && $0.isDone }
        let byRequest = Dictionary(grouping: replies) { "\($0.run.prefix { $0 != "/" }) \($0.hash)" }
        return byRequest.filter { $0.value.count > 1 }.keys.sorted().map { ("\($0) has more than one reply", nil) }
    }

    /// Within a run, later steps never have an earlier epoch: an owner that lost its lease wrote nothing.
    static let epochsGrow = Invariant("no write under an old epoch") { testimony in
        let runs = Dictionary(grouping: testimony.record.steps, by: \.run)
        return runs.sorted { $0.key < $1.key }.compactMap { run, steps in
            let epochs = steps.sorted { $0.step < $1.step }.map(\.epoch)
            return zip(epochs, epochs.dropFirst()).contains { $0 > $1 } ? ("\(run) has epochs \(epochs)", nil) : nil
        }
    }
}
