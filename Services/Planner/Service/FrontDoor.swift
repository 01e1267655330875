import Contracts
import Foundations
import FrontDesk
import Messaging
import ServiceKit
import ServiceLifecycle

/// Serves the front desk on the bus.
package struct FrontDoor: Service {
    private let bus: any MessageBus
    private let subjects: SubjectScheme
    private let openings: Openings
    private let desk: FrontDesk

    package init(_ desk: FrontDesk, bus: any MessageBus, subjects: SubjectScheme, openings: Openings) {
        self.desk = desk
        self.bus = bus
        self.subjects = subjects
        self.openings = openings
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                for type in desk.types { group.addTask { try await serve(type) } }
            }
        }
    }

    private func serve(_ type: RequestType) async throws {
        let requests = try await bus.subscribe(subjects.filter(type), queueGroup: "front-door")
        openings.opened(type.rawValue)
        await withDiscardingTaskGroup { group in
            for await request in requests {
                group.addTask { await respond(to: request, type) }
            }
        }
    }

    private func respond(to request: BusMessage, _ type: RequestType) async {
        guard let subject = request.reply else { return }
        let reply = await desk.answer(type, ClientMessage(request, subjects))
        guard let payload = try? reply.json.data() else { return }
        try? await bus.send(BusMessage(subject: subject, payload: payload))
    }
}
