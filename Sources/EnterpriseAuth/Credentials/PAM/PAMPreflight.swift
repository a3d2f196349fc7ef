internal import HostSystem
internal import PAMClient

/// What must hold before a stack may be asked for the first time.
struct PAMPreflight {
    /// The configured name of the provider.
    let provider: String
    /// The PAM service.
    let service: String
    /// A private directory of stacks, or nil.
    let confdir: String?

    /// Reads the stack's file and those that it includes, on a thread that may block.
    /// - Parameter deadline: When to give up.
    /// - Returns: The stack.
    /// - Throws: `ProviderStartFailure` as `readService()` does, or if the file system does not answer.
    func readService(deadline: ContinuousClock.Instant) async throws(ProviderStartFailure) -> PAMServiceFile {
        let reader = BlockingExecutor(name: "pam-preflight", width: 1, queueLimit: 0)
        let outcome: Result<PAMServiceFile, ProviderStartFailure>
        do throws(HostError) {
            outcome = try await reader.run(deadline: deadline) { () throws(HostError) in
                Result { () throws(ProviderStartFailure) in try readService() }
            }
        } catch {
            throw ProviderStartFailure(
                provider: provider,
                problem: "PAM service '\(service)' could not be read: \(error)",
                fix: "look whether its file system answers",
                isTemporary: true
            )
        }
        return try outcome.get()
    }

    /// Reads the stack's file and those that it includes.
    /// - Returns: The stack.
    /// - Throws: `ProviderStartFailure` if libpam would not find the stack that the operator means.
    func readService() throws(ProviderStartFailure) -> PAMServiceFile {
        let stack: PAMServiceFile
        do throws(PAMServiceFileError) {
            stack = try PAMServiceFile(service: service, confdir: confdir)
        } catch {
            throw failure("\(error)", fix(for: error))
        }
        if let missing = stack.missingFacilities.first {
            throw failure(
                "\(stack.path) has no '\(missing.rawValue)' line: libpam would ask the service 'other' instead",
                "add one; pam.conf(5) has the format"
            )
        }
        for path in stack.files + [confdir].compactMap({ $0 }) {
            guard let facts = try? HostFile.facts(of: path), facts.mode & 0o002 != 0 else { continue }
            throw failure("everybody may write to \(path), and so decide who logs in", "chmod o-w \(path)")
        }
        return stack
    }

    /// Refuses a stack whose answers could not be trusted.
    ///
    /// pam_rootok asks who the caller is, not who the person is: it is for su(1).
    /// Without the right to read the shadow file, pam_unix answers a right password with an outage and a wrong one with
    /// a no: nobody gets in, and everybody can try passwords.
    /// - Parameters:
    ///   - stack: The stack.
    ///   - effectiveUser: Whom the workers run as.
    /// - Throws: `ProviderStartFailure`.
    func checkRights(of stack: PAMServiceFile, effectiveUser: UInt32) throws(ProviderStartFailure) {
        if let use = stack.firstUse(of: "pam_rootok", in: [.auth]) {
            throw failure(
                "\(use.file):\(use.line) uses pam_rootok in an auth line: workers of root would need no password",
                "take the line out; config/ent-login.pam is an example of a stack"
            )
        }
        guard effectiveUser != 0, let use = stack.firstUse(of: "pam_unix") else { return }
        throw failure(
            "\(use.file):\(use.line) uses pam_unix, which cannot check other people's passwords as uid \(effectiveUser)",
            "run as root, or take pam_unix out of the stack, for example in favour of pam_sss"
        )
    }

    /// Says why no worker answered.
    /// - Parameter cause: What the pool says.
    /// - Returns: The failure; temporary unless the program itself is wrong.
    func workerFailure(_ cause: PAMWorkerFailure) -> ProviderStartFailure {
        ProviderStartFailure(
            provider: provider,
            problem: cause.detail,
            fix: "see that the program can be executed and answers to 'pam-worker'",
            isTemporary: cause.kind == .timeout || cause.kind == .overloaded || cause.kind == .cancelled
        )
    }

    private func fix(for error: PAMServiceFileError) -> String {
        switch error {
        case .invalidService: "name a file of /etc/pam.d in 'service'"
        case .missing(let service, let searched):
            "create \(searched.first ?? service), or name another service; config/ent-login.pam is an example"
        case .missingInclude: "create it, or take the line out"
        case .unreadable: "make it readable for this process"
        case .tooDeep: "look for a file that includes itself"
        }
    }

    private func failure(_ problem: String, _ fix: String) -> ProviderStartFailure {
        ProviderStartFailure(provider: provider, problem: problem, fix: fix)
    }
}
