import Foundations
import TestSupport

extension Benchmark {
    /// What the machine can do with one replica of each service.
    static let load = Benchmark("load", "tasks submitted at once: whole tasks per second, processor time of each") {
        try await Installation.with { installation in
            let remote = try await GitRemote(files: Play.files(Size.files.value))
            let byHand = try await ByHand(remote)
            try await installation.playAtOnce(5, on: remote)
            let (count, start, before) = (Size.load.value, ContinuousClock.now, installation.usage())
            try await installation.playAtOnce(count, on: remote)
            let seconds = (ContinuousClock.now - start).seconds
            let used = (installation.usage() - before).total
            let rate = Yardstick(what: "git by hand, one after the other", value: 1000 / byHand.time)
            return [
                Figure("load.tasks", Double(count) / seconds, "1/s", beside: rate),
                Figure("load.processor", used / Double(count), "ms", beside: byHand.processorYardstick),
            ]
        }
    }
}
