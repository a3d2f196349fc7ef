internal import ArgumentParser
internal import HostSystem

@main
enum Main {
    static func main() async {
        do {
            // Before anything else: nothing may take a standard stream's place, a peer that goes away must not end the
            // process, and what passes through it stays in it.
            try ProcessHardening.holdStandardStreams()
        } catch {
            EntLogin.exit(withError: ExitStatus.internalError.exitCode)
        }
        ProcessHardening.ignoreBrokenPipes()
        ProcessHardening.silenceCrashReports()
        try? ProcessHardening.closeMemory()
        PAMWorkerCommand.runIfAsked()
        do {
            var command = try EntLogin.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    /// Says what is left to say, which is help or what is wrong with the command line, and ends.
    ///
    /// Not as the parser would: it shows arguments as they are, and takes no notice of what could not be written.
    private static func leave(with error: any Error) -> Never {
        let code = EntLogin.exitCode(for: error)
        let text = EntLogin.fullMessage(for: error)
        do {
            switch (text.isEmpty, code.isSuccess) {
            case (true, _): break
            case (false, true): try StandardStream.output.write(text + "\n")
            case (false, false):
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                try StandardStream.error.write(lines.map { PlainText.escaped(String($0)) + "\n" }.joined())
            }
        } catch  where code.isSuccess {
            EntLogin.exit(withError: ExitStatus.internalError.exitCode)
        } catch {
            // Nobody hears what is wrong; the code still tells it.
        }
        EntLogin.exit(withError: code)
    }
}
