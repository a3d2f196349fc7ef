internal import ArgumentParser
internal import HostSystem

@main
enum Main {
    static func main() async {
        // Before anything else: a peer that goes away must not end the process, and what passes through it stays in it.
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
            EntLogin.exit(withError: error)
        }
    }
}
