internal import HostSystem
internal import LDAPClient

extension ConfigurationChecks {
    func checkFiles(_ context: inout DecodingContext) {
        for (name, provider) in configuration.providers.sorted(by: { $0.key < $1.key }) {
            guard case .pam(let pam) = provider, !context.isFaulty("providers.\(name)") else { continue }
            checkStack(pam, "providers.\(name)", &context)
        }
        for (name, directory) in configuration.directories.sorted(by: { $0.key < $1.key }) {
            let path = "directories.\(name)"
            if case .simple(_, let password) = directory.bind {
                checkSecret(password, "\(path).bind_password", &context)
            }
            checkAuthorities(directory, "\(path).tls", &context)
            checkReadable(directory.tls.certificateFile, .regular, "\(path).tls.certificate_file", &context)
            checkKey(directory.tls.keyFile, "\(path).tls.key_file", &context)
        }
        checkReadable(configuration.portal?.tls?.certificateFile, .regular, "portal.tls.certificate_file", &context)
        checkKey(configuration.portal?.tls?.keyFile, "portal.tls.key_file", &context)
        checkPortalCertificate(&context)
        checkReadable(configuration.portal?.logo, .regular, "portal.logo", &context)
        for (index, file) in (configuration.portal?.translations ?? []).enumerated() {
            checkReadable(file, .regular, "portal.translations[\(index)]", &context)
        }
    }

    // libpam takes the stack "other" for a missing file, which usually refuses everybody without saying why.
    private func checkStack(_ pam: PAMProviderConfiguration, _ path: String, _ context: inout DecodingContext) {
        if let confdir = pam.confdir {
            guard checkReadable(confdir, .directory, "\(path).confdir", &context) else { return }
            checkReadable("\(confdir)/\(pam.service)", .regular, "\(path).service", &context)
        } else if !["/etc/pam.d", "/usr/lib/pam.d"].contains(where: { isThere("\($0)/\(pam.service)") }) {
            let message = "there is no PAM service \(TOMLText.quoted(pam.service)) in /etc/pam.d"
            context.error("\(path).service", message, fix: "make /etc/pam.d/\(pam.service), or name another")
        }
    }

    private func isThere(_ path: String) -> Bool {
        // What cannot be looked at may well be there.
        (try? HostFile.exists(path)) ?? true
    }

    private func checkAuthorities(_ directory: DirectoryConfiguration, _ path: String, _ context: inout DecodingContext)
    {
        let tls = directory.tls
        checkReadable(tls.caFile, .regular, "\(path).ca_file", &context)
        checkReadable(tls.caDirectory, .directory, "\(path).ca_directory", &context)
        let usesTLS = directory.urls.contains { $0.scheme == .ldaps || $0.scheme == .ldap && directory.startTLS }
        guard usesTLS, tls.caFile == nil, tls.caDirectory == nil else { return }
        if !isThere(DirectoryConfiguration.TLS.systemCAFile) {
            let message = "\(DirectoryConfiguration.TLS.systemCAFile) does not exist, so no certificate can be verified"
            context.error("\(path).ca_file", message, fix: "add ca_file, or install ca-certificates")
        }
    }

    @discardableResult
    private func checkReadable(
        _ file: String?,
        _ kind: FileFacts.Kind,
        _ path: String,
        _ context: inout DecodingContext
    ) -> Bool {
        guard let file else { return true }
        guard let facts = facts(of: file, path, &context) else { return false }
        guard facts.kind == kind else {
            let noun = kind == .directory ? "directory" : "file"
            context.error(path, "\(file) is not a \(noun)", fix: "name a \(noun)")
            return false
        }
        if facts.isOpenToChanges {
            context.error(path, "everybody may change \(file), and so decide whom to trust", fix: "chmod o-w \(file)")
            return false
        }
        return true
    }

    private func checkKey(_ file: String?, _ path: String, _ context: inout DecodingContext) {
        guard let file, checkReadable(file, .regular, path, &context) else { return }
        checkPrivate(file, path, &context)
    }

    private func checkSecret(_ source: SecretSource, _ path: String, _ context: inout DecodingContext) {
        switch source {
        case .file(let file):
            guard checkReadable(file, .regular, "\(path).file", &context) else { return }
            checkPrivate(file, "\(path).file", &context)
        case .environment(let name) where HostEnvironment.text(name) == nil:
            let message = "the environment has no variable \(name) here"
            context.warn("\(path).env", message, fix: "set it where the program runs")
        case .environment:
            break
        case .credential(let name):
            guard let directory = SecretSource.credentialsDirectory else {
                let message = "cannot be checked here: $CREDENTIALS_DIRECTORY is not set"
                context.warn("\(path).credential", message, fix: "use LoadCredential=\(name):PATH in the service unit")
                return
            }
            checkReadable("\(directory)/\(name)", .regular, "\(path).credential", &context)
        }
    }

    private func checkPrivate(_ file: String, _ path: String, _ context: inout DecodingContext) {
        guard let facts = facts(of: file, path, &context),
            let fault = SecretSource.fault(of: facts, user: HostEnvironment.effectiveUserID)
        else { return }
        context.error(path, "\(file) is not secret: \(fault)", fix: "chmod 0600 \(file), and chown it")
    }

    private func facts(of file: String, _ path: String, _ context: inout DecodingContext) -> FileFacts? {
        do {
            return try HostFile.facts(of: file)
        } catch  where error.isNotFound {
            context.error(path, "\(file) does not exist", fix: "make it, or name another")
        } catch {
            let message = "\(file) cannot be looked at as this user: \(error.reason)"
            context.warn(path, message, fix: "check as the user that runs the program")
        }
        return nil
    }
}

extension FileFacts {
    /// Whether everybody may put something else in its place; of a directory like /tmp only what is new.
    var isOpenToChanges: Bool {
        mode & 0o002 != 0 && !(kind == .directory && mode & 0o1000 != 0)
    }
}
