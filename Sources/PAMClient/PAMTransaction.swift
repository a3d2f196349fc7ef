internal import CPAMShim

/// One transaction with a PAM stack: begun by `init`, ended when the value goes away.
///
/// Every call blocks for as long as the modules like, and modules may do to their process what they like. So a
/// transaction belongs on a thread of its own, better in a process of its own (see ``PAMWorker``), and never leaves
/// the thread that began it (pam(3)).
@safe
public struct PAMTransaction: ~Copyable {
    /// What the stack said, asked and was answered.
    public let conversation: PAMConversation

    private let handle: OpaquePointer
    private var last = PAMStatus.success

    /// Begins a transaction, sets its items, and takes the delay after a failure over so that no call sleeps for it.
    /// - Parameters:
    ///   - request: Whom to ask about, and where the question comes from.
    ///   - conversation: Answers the stack.
    /// - Throws: ``PAMError`` if a text cannot be passed to C as it is, or if libpam finds no usable stack.
    public init(_ request: PAMRequest, conversation: PAMConversation) throws(PAMError) {
        try request.validate()
        let handle = try unsafe Self.start(request, conversation: conversation)
        do throws(PAMError) {
            try unsafe Self.setItems(request, handle: handle)
        } catch {
            unsafe pam_end(handle, PAM_SYSTEM_ERR)
            throw error
        }
        unsafe self.handle = handle
        self.conversation = conversation
    }

    deinit {
        // Modules may still talk while they clean up.
        withExtendedLifetime(conversation) {
            _ = unsafe pam_end(handle, last.rawValue)
        }
    }

    /// The user as the stack knows them now, nil if there is none or the name is not UTF-8.
    ///
    /// Modules may rewrite the name in every call, so it must be read again after each.
    public var user: String? {
        guard let name = unsafe cpam_user(handle) else { return nil }
        return unsafe String(validatingCString: name)
    }

    /// Asks the stack whether the password is right (pam_authenticate(3)).
    ///
    /// An account without a password is refused (`PAM_DISALLOW_NULL_AUTHTOK`). Messages are wanted, so `PAM_SILENT` is
    /// not set.
    ///
    /// - Returns: What the stack decided.
    public mutating func authenticate() -> PAMStatus {
        last = PAMStatus(rawValue: unsafe pam_authenticate(handle, Int32(bitPattern: PAM_DISALLOW_NULL_AUTHTOK)))
        return last
    }

    /// Asks the stack whether the account may be used now (pam_acct_mgmt(3)).
    /// - Parameter silent: Whether the modules should say nothing.
    /// - Returns: What the stack decided.
    public mutating func checkAccount(silent: Bool = false) -> PAMStatus {
        let flags = PAM_DISALLOW_NULL_AUTHTOK | (silent ? PAM_SILENT : 0)
        last = PAMStatus(rawValue: unsafe pam_acct_mgmt(handle, Int32(bitPattern: flags)))
        return last
    }

    private static func start(
        _ request: PAMRequest,
        conversation: PAMConversation
    ) throws(PAMError) -> OpaquePointer {
        // A file that vanished after the start must not become the service `other`. (Nor does libpam 1.5.2 get to leak
        // the 96 bytes that it loses without any file.)
        guard PAMServiceFile.path(of: request.service, confdir: request.confdir) != nil else {
            throw .startFailed(.abort, service: request.service)
        }
        var handle: OpaquePointer?
        // Unretained: `self.conversation` outlives the handle, which is the only one to call back.
        let context = unsafe Unmanaged.passUnretained(conversation).toOpaque()
        let converse: cpam_converse_fn = { count, messages, responses, context in
            guard let context = unsafe context else { return PAM_CONV_ERR }
            let conversation = unsafe Unmanaged<PAMConversation>.fromOpaque(context).takeUnretainedValue()
            return unsafe conversation.converse(count, messages, responses)
        }
        let result = unsafe cpam_start(request.service, request.user, request.confdir, converse, context, &handle)
        guard result == PAM_SUCCESS, let handle = unsafe handle else {
            throw .startFailed(PAMStatus(rawValue: result), service: request.service)
        }
        return unsafe handle
    }

    private static func setItems(_ request: PAMRequest, handle: OpaquePointer) throws(PAMError) {
        let items = [
            ("PAM_TTY", PAM_TTY, request.terminal),
            ("PAM_RHOST", PAM_RHOST, request.remoteHost),
            ("PAM_RUSER", PAM_RUSER, request.requestingUser),
        ]
        for (name, item, value) in items {
            guard let value else { continue }
            let result = unsafe pam_set_item(handle, item, value)
            guard result == PAM_SUCCESS else { throw .itemRefused(PAMStatus(rawValue: result), item: name) }
        }
        let result = unsafe cpam_take_over_delay(handle) { status, microseconds, context in
            guard let context = unsafe context else { return }
            let conversation = unsafe Unmanaged<PAMConversation>.fromOpaque(context).takeUnretainedValue()
            conversation.recordDelay(status: status, microseconds: microseconds)
        }
        guard result == PAM_SUCCESS else {
            throw .itemRefused(PAMStatus(rawValue: result), item: "PAM_FAIL_DELAY")
        }
    }
}
