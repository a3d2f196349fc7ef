internal import ArgumentParser
internal import Glibc
internal import HostSystem
internal import Logging

/// A subcommand: it translates the command line into a question to the library, and the library's answer back.
protocol AnsweringCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }

    /// Asks the library.
    /// - Returns: What it said.
    /// - Throws: `Stop` with an answer, `ValidationError` for a wrong command line; anything else is a fault of ours.
    func answer() async throws -> Answer
}

extension AnsweringCommand {
    func run() async throws {
        let output = Output(global)
        LogSetup.start(verbosity: global.verbose)
        let answer: Answer
        do {
            answer = try await self.answer()
        } catch let stop as Stop {
            answer = stop.answer
        } catch let error as ValidationError {
            throw error
        } catch {
            // The last resort: whatever this is, it is not a yes.
            Logger(label: "ent-login").critical("unexpected error", metadata: ["error": "\(error)"])
            answer = Answer(.internalError, outcome: "internal_error", note: "An internal error; the log has more.")
        }
        do {
            try output.show(answer)
        } catch let error as HostError where error.code == EPIPE {
            // Whoever read this wants no more; that is no fault of anybody's, and no yes either.
            throw ExitStatus.internalError.exitCode
        } catch {
            Logger(label: "ent-login").critical("the answer could not be written", metadata: ["error": "\(error)"])
            throw ExitStatus.internalError.exitCode
        }
        throw answer.status.exitCode
    }
}
