internal import CPAMShim
internal import Glibc
public import HostSystem

/// What a stack says and asks while it is being run, and what it is answered.
///
/// Only the *first* prompt without echo is answered with the password. Many programs answer every such prompt with it,
/// and so type the password into the field for a one-time code, or the old password as the new one. Every further
/// prompt goes to the handler, together with the texts that came before it.
///
/// A conversation belongs to one ``PAMTransaction`` and is confined to that one's thread. The rules are those of
/// pam_conv(3).
public final class PAMConversation {
    /// Answers prompts, blocking as long as it takes.
    ///
    /// It is given the texts to show first and the prompts of one call of libpam's, and returns as many answers in the
    /// same order, or nil to break the conversation off.
    public typealias Handler = (_ messages: [PAMMessage], _ prompts: [PAMPrompt]) -> [SecretBytes]?

    /// Why a conversation was broken off by this side.
    public enum Interruption: Hashable, Sendable {
        /// The handler gave no answers, or some that cannot be carried.
        case aborted
        /// A module asked in a way that no person can answer (`PAM_RADIO_TYPE`, `PAM_BINARY_PROMPT`, or unknown).
        case unsupportedStyle(Int32)
        /// A module called with no messages, with more than 32, or without pointers.
        case malformed
    }

    /// The most bytes of a password or another answer: `PAM_MAX_RESP_SIZE` less the NUL at its end.
    public static let maximumAnswerBytes = 511

    /// The most texts kept until they can be delivered; a module that says more is cut off, not believed.
    ///
    /// With 32 prompts they still fit one message of a worker's: ``FramedSocket/frameLimit``.
    static let maximumMessages = 24

    /// Why this side broke the conversation off, or nil if it did not.
    public private(set) var interruption: Interruption?

    /// Texts that were not delivered with a prompt.
    public private(set) var pendingMessages: [PAMMessage] = []

    /// How long libpam would have slept after the failure; see pam_fail_delay(3).
    public private(set) var wantedDelay: Duration = .zero

    /// Whether the password was asked for.
    public private(set) var askedPassword = false

    private var password: SecretBytes?
    private let handler: Handler

    /// Prepares a conversation.
    /// - Parameters:
    ///   - password: The answer to the first prompt without echo; nil if there is none to give.
    ///   - handler: Answers every further prompt.
    /// - Throws: ``PAMError/invalidAnswer`` if the password is longer than ``maximumAnswerBytes`` or holds a NUL: it
    ///   would reach the stack cut short.
    public init(password: SecretBytes?, handler: @escaping Handler) throws(PAMError) {
        if let password, !Self.canCarry(password) { throw .invalidAnswer }
        self.password = password
        self.handler = handler
    }

    /// Says whether an answer reaches a stack as it is.
    /// - Parameter answer: A password or another answer.
    /// - Returns: False if it is too long or holds a NUL.
    public static func canCarry(_ answer: SecretBytes) -> Bool {
        answer.count <= maximumAnswerBytes && !answer.contains(0)
    }

    /// Lets go of a password that nobody asked for, so that no later phase is answered with it.
    func forgetPassword() {
        password = nil
    }

    /// Keeps the delay that libpam would have slept.
    func recordDelay(status: Int32, microseconds: UInt32) {
        // libpam calls on success as well, then with a number that means nothing.
        guard status != PAM_SUCCESS else { return }
        wantedDelay = max(wantedDelay, .microseconds(Int64(microseconds)))
    }

    /// Answers one call of libpam's.
    func converse(
        _ count: Int32,
        _ messages: UnsafeMutablePointer<UnsafePointer<pam_message>?>?,
        _ responses: UnsafeMutablePointer<UnsafeMutablePointer<pam_response>?>?
    ) -> Int32 {
        guard interruption == nil else { return PAM_CONV_ERR }
        guard let messages = unsafe messages, let responses = unsafe responses, (1...PAM_MAX_NUM_MSG).contains(count)
        else { return breakOff(.malformed) }

        var questions: [(index: Int, prompt: PAMPrompt)] = []
        var answers = [SecretBytes?](repeating: nil, count: Int(count))
        for index in 0..<Int(count) {
            guard let message = unsafe messages[index] else { return breakOff(.malformed) }
            let text = unsafe Self.text(message.pointee.msg)
            switch unsafe message.pointee.msg_style {
            case PAM_TEXT_INFO: keep(PAMMessage(kind: .information, text: text))
            case PAM_ERROR_MSG: keep(PAMMessage(kind: .error, text: text))
            case PAM_PROMPT_ECHO_ON: questions.append((index, PAMPrompt(echo: true, text: text)))
            case PAM_PROMPT_ECHO_OFF:
                if let password = takePassword() {
                    answers[index] = password
                } else {
                    questions.append((index, PAMPrompt(echo: false, text: text)))
                }
            case let style: return breakOff(.unsupportedStyle(style))
            }
        }
        if !questions.isEmpty {
            guard let given = ask(questions.map(\.prompt)) else { return breakOff(.aborted) }
            for (question, answer) in zip(questions, given) { answers[question.index] = answer }
        }
        guard let carried = unsafe Self.carry(answers) else { return PAM_BUF_ERR }
        unsafe responses.pointee = carried
        return PAM_SUCCESS
    }

    private func ask(_ prompts: [PAMPrompt]) -> [SecretBytes]? {
        let messages = pendingMessages
        pendingMessages = []
        guard let answers = handler(messages, prompts), answers.count == prompts.count,
            answers.allSatisfy(Self.canCarry)
        else { return nil }
        return answers
    }

    private func takePassword() -> SecretBytes? {
        defer { password = nil }
        askedPassword = askedPassword || password != nil
        return password
    }

    private func keep(_ message: PAMMessage) {
        guard pendingMessages.count < Self.maximumMessages else { return }
        pendingMessages.append(message)
    }

    private func breakOff(_ reason: Interruption) -> Int32 {
        interruption = reason
        password = nil
        return PAM_CONV_ERR
    }

    /// Copies a module's text, however long it is, up to what is kept of it; NULL is no text.
    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer = unsafe pointer else { return "" }
        let count = unsafe strnlen(pointer, PAMMessage.maximumBytes + 4)
        let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// Copies answers to the C heap, where libpam frees them; nil without memory, and then nothing is left behind.
    private static func carry(_ answers: [SecretBytes?]) -> UnsafeMutablePointer<pam_response>? {
        guard let memory = unsafe calloc(answers.count, MemoryLayout<pam_response>.stride) else { return nil }
        let array = unsafe memory.bindMemory(to: pam_response.self, capacity: answers.count)
        for (index, answer) in answers.enumerated() {
            guard let answer else { continue }
            guard let copy = unsafe calloc(answer.count + 1, 1) else {
                unsafe cpam_drop_responses(array, Int32(answers.count))
                return nil
            }
            unsafe answer.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { unsafe copy.copyMemory(from: base, byteCount: bytes.count) }
            }
            unsafe array[index].resp = copy.assumingMemoryBound(to: CChar.self)
        }
        return unsafe array
    }
}
