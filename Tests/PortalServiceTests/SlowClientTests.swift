import Foundation
import NIOCore
import NIOPosix
import TestBed
import TestWeb
import Testing

@Suite("Slow clients", .serialized)
struct SlowClientTests {
    /// Opens connections that say something and then nothing more.
    private func connections(_ count: Int, to port: Int, saying text: String) async throws -> [any Channel] {
        var channels: [any Channel] = []
        for _ in 0..<count {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            // One for which there is no room may be closed again already; who says nothing need not mind.
            if !text.isEmpty { try await channel.writeAndFlush(ByteBuffer(string: text)) }
            channels.append(channel)
        }
        return channels
    }

    private func close(_ channels: [any Channel]) {
        for channel in channels { channel.close(promise: nil) }
    }

    @Test("A thousand that begin a request and do not end it keep nobody else from logging in")
    func thousand() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        let form = "POST /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\nContent-Length: 1000\r\n\r\na"
        var slow = try await connections(500, to: world.pages, saying: "GET /login HTTP/1.1\r\nHost: login")
        slow += try await connections(300, to: world.pages, saying: form)
        slow += try await connections(200, to: world.pages, saying: "")
        for user in ["alice", "bob", "carol"] {
            let begin = ContinuousClock.now
            #expect(try await world.browser(of: user).isLoggedIn())
            #expect(ContinuousClock.now - begin < .seconds(10))
        }
        #expect(try await world.operations("/healthz").status == 200)
        // The shortest limit is ten seconds, the longest thirty.
        let isFree = await ProcessCensus.wait(upTo: .seconds(60)) {
            ProcessCensus(of: program.processID).descriptors < 100
        }
        #expect(isFree, "\(ProcessCensus(of: program.processID))")
        close(slow)
    }

    @Test("Where there is no room, those that wait for a request longest make it, and the log says so")
    func full() async throws {
        let world = try await ServiceWorld { $0.portal = "max_connections = 20" }
        let program = try await world.start()
        let silent = try await connections(60, to: world.pages, saying: "")
        let isFull = await ProcessCensus.wait { program.errors.contains("portal.max_connections allows no more") }
        #expect(isFull, "\(program.errors)")
        // Who is turned away within the first second comes again.
        let isServed = await ProcessCensus.wait(upTo: .seconds(30)) {
            (try? await world.browser(of: "alice").isLoggedIn()) == true
        }
        #expect(isServed, "\(program.errors)")
        let isSmall = await ProcessCensus.wait { ProcessCensus(of: program.processID).descriptors < 60 }
        #expect(isSmall, "who was turned away holds nothing: \(ProcessCensus(of: program.processID))")
        close(silent)
    }

    @Test("A body that is not what it says is a bad request, and so are two hosts; neither is a fault of ours")
    func malformed() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        let head = "POST /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\nTransfer-Encoding: chunked\r\n\r\n"
        let connection = WebConnection(port: world.pages, name: ServiceWorld.host, certificateFile: nil)
        #expect(try await connection.exchange(head + "zz\r\n").status == 400)
        let hosts = "GET /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\nHost: evil.example\r\n\r\n"
        #expect(try await connection.exchange(hosts).status == 400)
        #expect(!program.errors.contains("a request failed"))
    }

    @Test("Whoever still writes when the connection is over gets the answer all the same", arguments: ["", "a"])
    func late(rest: String) async throws {
        let world = try await ServiceWorld()
        try await world.start()
        let head = "GET /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\nConnection: close\r\n\r\n"
        let connection = WebConnection(port: world.pages, name: ServiceWorld.host, certificateFile: nil)
        let answer = try await connection.exchange(head) {
            try await Task.sleep(for: .seconds(1))
            return rest
        }
        #expect(answer.status == 200)
    }

    @Test("A body of ten megabytes is refused without being read", arguments: [true, false])
    func large(hasLength: Bool) async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        let length = hasLength ? "Content-Length: 10485760" : "Transfer-Encoding: chunked"
        let head = "POST /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\n\(length)\r\n\r\n"
        let part = hasLength ? "" : "20000\r\n" + String(repeating: "a", count: 0x20000) + "\r\n"
        let connection = WebConnection(port: world.pages, name: ServiceWorld.host, certificateFile: nil)
        let answer = try await connection.exchange(head + part)
        #expect(answer.status == 413, "\(answer)")
        #expect(answer["Connection"] == "close")
        #expect(try await world.browser(of: "alice").isLoggedIn(), "\(program.errors)")
    }
}
