internal import HostSystem

/// Asks the person at the terminal, or the script that feeds the standard input.
enum Prompt {
    /// Why there is no answer.
    enum Failure: Error {
        /// Nobody sits there.
        case noTerminal
        /// The person ended the input, or gave no answer in time.
        case noAnswer
        /// What was typed is longer than anything that could be right.
        case tooLong
        /// The standard input cannot be read.
        case noInput
    }

    /// How long a person may think about one question.
    private static let patience: Duration = .seconds(300)
    private static let thread = BlockingExecutor(name: "prompt", width: 1, queueLimit: 1)

    /// Asks one question at the terminal.
    /// - Parameters:
    ///   - text: What to ask; made safe to show here.
    ///   - introduction: Lines to show before it, which are safe to show.
    ///   - echoes: Whether what is typed may be seen.
    /// - Returns: What was typed, byte for byte.
    /// - Throws: `Failure`.
    static func ask(
        _ text: String,
        after introduction: String = "",
        echoes: Bool
    ) async throws(Failure) -> SecretBytes {
        let prompt = introduction + PlainText.escaped(text) + (text.hasSuffix(" ") ? "" : " ")
        let answer = try await read(otherwise: .noTerminal) { deadline throws(HostError) in
            echoes
                ? try Terminal.readLine(prompt: prompt, deadline: deadline)
                : try Terminal.readSecret(prompt: prompt, deadline: deadline)
        }
        guard let answer else { throw .noAnswer }
        return answer
    }

    /// Reads the password that a script gives.
    /// - Returns: The first line of the standard input, byte for byte.
    /// - Throws: `Failure`.
    static func readPassword() async throws(Failure) -> SecretBytes {
        // More than any password may have, so that one that is too long is refused as such.
        try await read(otherwise: .noInput) { deadline throws(HostError) in
            try StandardInput.readSecretLine(limit: 16 * 1024, deadline: deadline)
        } ?? SecretBytes([])
    }

    private static func read(
        otherwise failure: Failure,
        _ body: @escaping @Sendable (ContinuousClock.Instant) throws(HostError) -> SecretBytes?
    ) async throws(Failure) -> SecretBytes? {
        let deadline = ContinuousClock.now + patience
        do throws(HostError) {
            return try await thread.run(deadline: deadline + .seconds(1)) { () throws(HostError) in try body(deadline) }
        } catch {
            switch error.reason {
            case .tooLarge: throw .tooLong
            case .timedOut, .cancelled, .busy: throw .noAnswer
            default: throw failure
            }
        }
    }
}
