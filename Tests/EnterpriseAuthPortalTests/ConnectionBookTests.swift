import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import EnterpriseAuthPortal

@Suite("Which connection makes room")
struct ConnectionBookTests {
    private let book = ConnectionBook(limit: 2, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func admit() throws -> (EmbeddedChannel, OpenConnection) {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, try #require(book.admit(channel)))
    }

    @Test("the one without a request, before the one with half of one", arguments: [true, false])
    func order(hasIdle: Bool) throws {
        let (first, half) = try admit()
        let (second, other) = try admit()
        half.beginRequest()
        half.beginBody(now: .now() - .seconds(6))
        if hasIdle { other.beginWaiting(now: .now() - .seconds(2)) } else { other.beginRequest() }
        #expect(book.admit(EmbeddedChannel()) != nil)
        #expect(first.isActive == hasIdle)
        #expect(second.isActive != hasIdle)
    }

    @Test("nobody for as long as all are being answered, or have just come")
    func none() throws {
        let (_, answered) = try admit()
        let (_, half) = try admit()
        answered.beginRequest()
        answered.beginBody(now: .now() - .seconds(60))
        answered.endBody()
        half.beginRequest()
        half.beginBody(now: .now() - .seconds(1))
        #expect(book.admit(EmbeddedChannel()) == nil)
    }
}
