internal import ArgumentParser

/// The command line of EnterpriseAuth.
@main
struct EntLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ent-login",
        abstract: "One login for a company's Linux hosts and web applications."
    )
}
