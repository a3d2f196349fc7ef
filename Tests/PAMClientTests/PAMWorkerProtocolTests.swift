import HostSystem
import PAMClient
import TestBed
import Testing

@Suite("Messages between a worker and its owner")
struct PAMWorkerProtocolTests {
    private static let request = PAMRequest(
        service: "test",
        confdir: "/tmp/x",
        user: "jürgen",
        remoteHost: "2001:db8::1",
        terminal: "portal",
        requestingUser: nil
    )

    static let requests: [PAMWorkerRequest] = [
        .ping,
        .password(request, SecretBytes([0xFF, 1, 2]), localPeople: true),
        .account(request, localPeople: false),
        .answers([]),
        .answers([SecretBytes([]), SecretBytes(text: "246810")]),
    ]

    static let replies: [PAMWorkerReply] = {
        var result = PAMCheckResult()
        result.authentication = .success
        result.account = PAMStatus(rawValue: -7)
        result.user = "alice"
        result.messages = [PAMMessage(kind: .error, text: "no"), PAMMessage(kind: .information, text: "")]
        result.wantedDelay = .microseconds(2_500_001)
        result.askedPassword = true
        result.interruption = .unsupportedStyle(7)
        return [
            .pong(effectiveUser: 4_000_000_000, process: 17),
            .prompts([PAMMessage(kind: .information, text: "sent")], [PAMPrompt(echo: true, text: "Code: ")]),
            .finished(result, typed: .unknown, final: .known(name: "alice", uid: 1000)),
            .finished(PAMCheckResult(), typed: .notAsked, final: .unavailable(5)),
            .failed("no file", status: .abort),
        ]
    }()

    @Test("Requests arrive as they were sent", arguments: requests)
    func requestRoundTrip(request: PAMWorkerRequest) throws {
        #expect(try PAMWorkerRequest(frame: request.frame()) == request)
    }

    @Test("Replies arrive as they were sent", arguments: replies)
    func replyRoundTrip(reply: PAMWorkerReply) throws {
        #expect(try PAMWorkerReply(frame: reply.frame()) == reply)
    }

    @Test("The most that a conversation can hold fits one frame")
    func largest() {
        // A byte that is replaced by a character of three, so that cutting by characters would show.
        let long = String(repeating: "\u{7}", count: 100_000)
        let prompts = [PAMPrompt](repeating: PAMPrompt(echo: true, text: long), count: 32)
        let messages = [PAMMessage](repeating: PAMMessage(kind: .error, text: long), count: 24)
        #expect(PAMWorkerReply.prompts(messages, prompts).frame().count <= FramedSocket.frameLimit)
        let answers = [SecretBytes](repeating: SecretBytes([UInt8](repeating: 1, count: 511)), count: 32)
        #expect(PAMWorkerRequest.answers(answers).frame().count <= FramedSocket.frameLimit)
    }

    @Test("A frame that is cut, longer, or of another version is refused")
    func damaged() {
        for frame in Self.requests.map({ $0.frame() }) + Self.replies.map({ $0.frame() }) {
            let bytes = Self.bytes(of: frame)
            var damaged = (0..<bytes.count).map { Array(bytes[..<$0]) }
            damaged.append(bytes + [0])
            damaged.append([2] + bytes.dropFirst())
            for bytes in damaged {
                #expect(throws: PAMWorkerProtocolError.self) { try PAMWorkerRequest(frame: SecretBytes(bytes)) }
                #expect(throws: PAMWorkerProtocolError.self) { try PAMWorkerReply(frame: SecretBytes(bytes)) }
            }
        }
    }

    @Test("Any other bytes never crash a reader")
    func noise() async {
        var random = SeededRandom(seed: 7)
        for frame in Self.requests.map({ $0.frame() }) + Self.replies.map({ $0.frame() }) {
            let good = Self.bytes(of: frame)
            // The pool that runs the tests has few threads.
            await Task.yield()
            for _ in 0..<500 {
                var bytes = good
                for _ in 0..<3 {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                _ = try? PAMWorkerRequest(frame: SecretBytes(bytes))
                _ = try? PAMWorkerReply(frame: SecretBytes(bytes))
            }
        }
    }

    @Test("A length beyond the frame is refused, not believed")
    func lengths() {
        // A list of answers that claims four billion of them, and one whose first answer claims four billion bytes.
        for bytes in [[1, 4, 255, 255, 255, 255], [1, 4, 0, 0, 0, 1, 255, 255, 255, 255]] as [[UInt8]] {
            #expect(throws: PAMWorkerProtocolError.self) { try PAMWorkerRequest(frame: SecretBytes(bytes)) }
        }
    }

    private static func bytes(of frame: SecretBytes) -> [UInt8] {
        unsafe frame.withUnsafeBytes { unsafe Array($0) }
    }
}
