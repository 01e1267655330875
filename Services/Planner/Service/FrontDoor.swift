import Contracts
import Foundations
import FrontDesk
import Messaging
import ServiceKit
import ServiceLifecycle

/// Serves the front desk on the bus.
package struct FrontDoor: Service {
    private let service: ServiceContext
    private let desk: FrontDesk

    package init(_ service: ServiceContext, _ desk: FrontDesk) {
        self.service = service
        self.desk = desk
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                for type in desk.types { group.addTask { try await serve(type) } }
            }
        }
    }

    private func serve(_ type: RequestType) async throws {
        let requests = try await service.bus.subscribe(service.settings.subjects.filter(type), queueGroup: "front-door")
        service.openings.opened(type.rawValue)
        await withDiscardingTaskGroup { group in
            for await request in requests {
                group.addTask { await respond(to: request, type) }
            }
        }
    }

    private func respond(to request: BusMessage, _ type: RequestType) async {
        guard let subject = request.reply else { return }
        let reply = await desk.answer(type, ClientMessage(request, service.settings.subjects))
        guard let payload = try? reply.json.data() else { return }
        try? await service.bus.send(BusMessage(subject: subject, payload: payload))
    }
}
