internal import HostSystem
internal import PAMClient

/// What must hold before a stack may be asked for the first time.
struct PAMPreflight {
    /// The provider, as the configuration names it.
    let part: String
    /// The PAM service.
    let service: String
    /// A private directory of stacks, or nil.
    let confdir: String?

    init(provider: String, service: String, confdir: String?) {
        part = "providers.\(provider)"
        self.service = service
        self.confdir = confdir
    }

    /// Reads the stack's file and those that it includes, and looks whose they are, on a thread that may block.
    /// - Parameter deadline: When to give up.
    /// - Returns: The stack.
    /// - Throws: `StartFailure` as `readService()` and `checkOwners(of:effectiveUser:)` do, or if the file system does
    ///   not answer.
    func readService(deadline: ContinuousClock.Instant) async throws(StartFailure) -> PAMServiceFile {
        let reader = BlockingExecutor(name: "pam-preflight", width: 1, queueLimit: 0)
        let outcome: Result<PAMServiceFile, StartFailure>
        do throws(HostError) {
            outcome = try await reader.run(deadline: deadline) { () throws(HostError) in
                Result { () throws(StartFailure) in
                    let stack = try readService()
                    try checkOwners(of: stack, effectiveUser: HostEnvironment.effectiveUserID)
                    return stack
                }
            }
        } catch {
            throw StartFailure(
                part: part,
                problem: "PAM service '\(service)' could not be read: \(error)",
                fix: "look whether its file system answers",
                isTemporary: true
            )
        }
        return try outcome.get()
    }

    /// Reads the stack's file and those that it includes.
    /// - Returns: The stack.
    /// - Throws: `StartFailure` if libpam would not find the stack that the operator means.
    func readService() throws(StartFailure) -> PAMServiceFile {
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
        return stack
    }

    /// Refuses a stack that somebody else could change, in its files or in its modules: who can do that decides who logs
    /// in.
    ///
    /// libpam reads the service 'other' beside every stack and loads its modules, although none of them is asked.
    /// - Parameters:
    ///   - stack: The stack.
    ///   - effectiveUser: Whom the workers run as; root and this user may own the files.
    /// - Throws: `StartFailure` with the first file or directory that is somebody else's, or open to others.
    func checkOwners(of stack: PAMServiceFile, effectiveUser: UInt32) throws(StartFailure) {
        let stacks = [stack, try readOther()].compactMap(\.self)
        let modules = stacks.flatMap(\.modules)
        if let hidden = modules.first(where: { !$0.saysWhere }) {
            throw failure(
                "\(hidden.file):\(hidden.line) does not say where the module \(hidden.path) lies",
                "write its whole path, or the name of one in the system's directory of modules"
            )
        }
        var path = PAMPathRights(owners: [0, effectiveUser])
        do throws(PAMPathRights.Fault) {
            if let confdir { try path.check(confdir) }
            for file in stacks.flatMap(\.files) { try path.check(file) }
            for module in modules where module.isElsewhere { try path.check(module.path, mayBeMissing: true) }
        } catch {
            throw failure("\(error.problem): who can change that decides who logs in", error.fix)
        }
    }

    /// Reads the service that stands behind all others; nil if there is none.
    private func readOther() throws(StartFailure) -> PAMServiceFile? {
        do throws(PAMServiceFileError) {
            return try PAMServiceFile(service: "other", confdir: confdir)
        } catch {
            if case .missing = error { return nil }
            throw failure("\(error)", fix(for: error))
        }
    }

    /// Refuses a stack whose answers could not be trusted.
    ///
    /// pam_rootok asks who the caller is, not who the person is: it is for su(1).
    /// Without the right to read the shadow file, pam_unix answers a right password with an outage and a wrong one with
    /// a no: nobody gets in, and everybody can try passwords.
    /// - Parameters:
    ///   - stack: The stack.
    ///   - effectiveUser: Whom the workers run as.
    /// - Throws: `StartFailure`.
    func checkRights(of stack: PAMServiceFile, effectiveUser: UInt32) throws(StartFailure) {
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
    func workerFailure(_ cause: PAMWorkerFailure) -> StartFailure {
        StartFailure(
            part: part,
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

    private func failure(_ problem: String, _ fix: String) -> StartFailure {
        StartFailure(part: part, problem: problem, fix: fix)
    }
}

extension PAMServiceFile.Module {
    /// Whether it need not lie in the system's directory of modules, which libpam puts before any other path.
    fileprivate var isElsewhere: Bool { path.hasPrefix("/") }

    /// Whether the file can be told from the line: libpam puts a directory that it was built with in the place of $ISA.
    fileprivate var saysWhere: Bool {
        !path.contains("$ISA") && (isElsewhere || !path.split(separator: "/").contains(".."))
    }
}
