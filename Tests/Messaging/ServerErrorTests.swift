import Foundations
import Messaging
import Testing

@testable import JetStream

@Suite struct ServerErrorTests {
    @Test(arguments: [
        (503, 10008), (503, 10023),
        // Seen when the store of a server was wiped under it: "unlinkat …/obs/planner: directory not empty".
        (500, 10012), (500, 10049),
        // A cluster that does not know all its nodes yet.
        (400, 10005),
        // One that looks for the leader of a stream: there is none of the name, and its subjects are taken.
        (400, 10065),
    ])
    func `the server's own trouble is waited out`(_ status: Int, _ code: Int) {
        let error = BusError(api: ["code": .int(status), "err_code": .int(code), "description": "d"])
        #expect(error.isRetriable)
    }

    @Test(arguments: [(400, 10025), (500, 10052), (404, 10059), (403, 10039)])
    func `what was asked for wrongly is not asked again`(_ status: Int, _ code: Int) {
        let error = BusError(api: ["code": .int(status), "err_code": .int(code), "description": "d"])
        #expect(!error.isRetriable)
    }
}
