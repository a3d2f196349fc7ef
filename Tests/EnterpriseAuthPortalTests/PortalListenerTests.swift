import EnterpriseAuth
import Logging
import NIOCore
import Testing

@testable import EnterpriseAuthPortal

@Suite("A listener of the portal")
struct PortalListenerTests {
    @Test("that ends because it is told to has ended well; one that ends by itself has not", arguments: [true, false])
    func end(isTold: Bool) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let book = ConnectionBook(limit: 16, logger: logger)
        let portal = try PortalWorld().portalObject
        let pipeline = ConnectionPipeline(CurrentPortal(portal, nil), isPublic: true, book: book, logger: logger)
        let address = ListenAddress(host: "127.0.0.1", port: 0)
        let listener = try await PortalListener.open(address, socket: nil, pipeline, logger)
        if isTold { book.quiesce() }
        listener.stop()
        let run = Task { try await listener.run() }
        switch await run.result {
        case .success: #expect(isTold)
        case .failure: #expect(!isTold)
        }
    }
}
