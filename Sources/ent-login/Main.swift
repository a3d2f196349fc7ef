internal import ArgumentParser

@main
enum Main {
    static func main() async {
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
