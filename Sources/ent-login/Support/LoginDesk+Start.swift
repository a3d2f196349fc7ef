internal import EnterpriseAuth

extension LoginDesk {
    /// Looks whether the PAM stacks can work at all, because their answers could not be trusted otherwise.
    ///
    /// Directories need no such look: what is wrong with one shows itself in the login, within its deadline, and is an
    /// outage to the person.
    /// - Throws: `Stop` with everything that is wrong.
    func startStacks() async throws {
        let deadline = ContinuousClock.now + configuration.login.deadline
        var failures: [StartFailure] = []
        for provider in assembly.providers.providers where provider is PAMCredentialProvider {
            do throws(StartFailure) {
                try await provider.start(deadline: deadline)
            } catch {
                failures.append(error)
            }
        }
        if !failures.isEmpty { throw Stop(failures) }
    }

    /// Looks, before a person is asked for anything, whether the groups of `[active]` are there.
    ///
    /// Nobody waits long for it: the look goes on while the person types, and the login joins it.
    /// - Throws: `Stop` with everything that is surely wrong; silence is for the login to tell.
    func startRules() async throws {
        // Until when a person waits for the first question, however slow a directory is.
        let patience = ContinuousClock.now + min(configuration.login.deadline, .seconds(2))
        await assembly.activePolicy.recheck(deadline: patience)
        try await stopIfMisconfigured(deadline: patience)
    }

    /// Tells a wrong rule of `[active]` from an outage, before a login or after one that could not be decided.
    ///
    /// Only what is surely wrong counts: a directory that does not answer stays an outage. So does one that does not let
    /// us look people up, because a login there never comes to the rules.
    /// - Parameter deadline: When to give up; nothing is known to be wrong then.
    /// - Throws: `Stop` with everything that is wrong.
    func stopIfMisconfigured(deadline: ContinuousClock.Instant) async throws {
        let failures = await assembly.activePolicy.mistakes(deadline: deadline)
        guard !failures.isEmpty else { return }
        for provider in assembly.providers.providers where provider is LDAPCredentialProvider {
            guard let name = provider.directoryName, let directory = assembly.directories[name] else { continue }
            if await directory.start(deadline: deadline) != nil { return }
        }
        throw Stop(failures)
    }
}
