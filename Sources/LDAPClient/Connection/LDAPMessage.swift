internal import CLDAPShim

/// What one operation has brought so far, copied out of the C library.
struct OperationAnswer: Sendable {
    var code = LDAPResultCode.success
    var diagnostic = ""
    var entries: [LDAPEntry] = []
    var referralCount = 0
    var passwordPolicy: PasswordPolicyResponse?
    /// What the next page continues from; empty after the last page, nil if the server does not do pages.
    var pageCookie: [UInt8]?
    var value: [UInt8]?
}

/// One message of the server; freed when it goes out of scope.
@safe
struct LDAPMessage: ~Copyable {
    private let message: OpaquePointer
    private let ld: OpaquePointer

    init(adopting message: OpaquePointer, of handle: LDAPHandle) {
        unsafe self.message = message
        unsafe ld = handle.ld
    }

    deinit {
        unsafe _ = ldap_msgfree(message)
    }

    /// The operation it belongs to; zero for an unsolicited notice.
    var id: Int32 { unsafe ldap_msgid(message) }

    /// One of the `CLDAP_…` types.
    var type: Int { Int(unsafe ldap_msgtype(message)) }

    /// Copies a search entry; nil if it cannot be decoded.
    func entry() -> LDAPEntry? {
        var cursor: OpaquePointer?
        var name = unsafe berval()
        guard unsafe ldap_get_dn_ber(ld, message, &cursor, &name) == LDAP_SUCCESS else { return nil }
        // The cursor reads inside the message; zero keeps the message's buffer.
        defer { if let cursor = unsafe cursor { unsafe ber_free(cursor, 0) } }
        guard let dn = String(validating: unsafe LDAPMessage.bytes(of: name), as: UTF8.self) else { return nil }
        var attributes: [LDAPEntry.Attribute] = []
        while true {
            var type = unsafe berval()
            var values: UnsafeMutablePointer<berval>?
            guard unsafe ldap_get_attribute_ber(ld, message, cursor, &type, &values) == LDAP_SUCCESS else { return nil }
            // The list is ours, what it points to lies inside the message.
            defer { unsafe ber_memfree(values) }
            guard unsafe type.bv_val != nil else { return LDAPEntry(dn: dn, attributes: attributes) }
            var copies: [[UInt8]] = []
            if let values = unsafe values {
                var count = 0
                while unsafe values[count].bv_val != nil { count += 1 }
                copies = (0..<count).map { unsafe LDAPMessage.bytes(of: values[$0]) }
            }
            let description = String(decoding: unsafe LDAPMessage.bytes(of: type), as: UTF8.self)
            attributes.append(LDAPEntry.Attribute(description: description, values: copies))
        }
    }

    /// Copies a closing message into `answer`; false if it cannot be decoded.
    func finish(_ answer: inout OperationAnswer) -> Bool {
        var code: Int32 = 0
        var diagnostic: UnsafeMutablePointer<CChar>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        guard
            unsafe ldap_parse_result(ld, message, &code, nil, &diagnostic, nil, &controls, 0) == LDAP_SUCCESS
        else { return false }
        defer {
            unsafe ldap_memfree(diagnostic)
            unsafe ldap_controls_free(controls)
        }
        answer.code = LDAPResultCode(rawValue: code)
        answer.diagnostic = unsafe diagnostic.map { unsafe String(cString: $0) } ?? ""
        var policy = PolicyControls()
        var index = 0
        while let control = unsafe controls?[index] {
            guard unsafe read(control, into: &answer, &policy) else { return false }
            index += 1
        }
        answer.passwordPolicy = policy.response
        return type == CLDAP_EXTENDED_RESULT ? readValue(into: &answer) : true
    }

    /// Copies what is known; false if a known control cannot be decoded, because ignoring it could open a door.
    private func read(
        _ control: UnsafeMutablePointer<LDAPControl>,
        into answer: inout OperationAnswer,
        _ policy: inout PolicyControls
    ) -> Bool {
        guard let identifier = unsafe control.pointee.ldctl_oid else { return false }
        let value = unsafe LDAPMessage.bytes(of: control.pointee.ldctl_value)
        switch unsafe String(cString: identifier) {
        case LDAP_CONTROL_PASSWORDPOLICYRESPONSE:
            guard let response = unsafe passwordPolicy(control) else { return false }
            policy.draft = response
        case LDAP_CONTROL_X_PASSWORD_EXPIRED:
            policy.isExpired = true
        case LDAP_CONTROL_X_PASSWORD_EXPIRING:
            // Seconds in ASCII, without a closing NUL.
            policy.expiresIn = String(validating: value, as: UTF8.self).flatMap { Int($0) }
        case LDAP_CONTROL_PAGEDRESULTS:
            var (count, cookie) = (Int32(0), unsafe berval())
            guard
                unsafe ldap_parse_pageresponse_control(ld, control, &count, &cookie) == LDAP_SUCCESS
            else { return false }
            answer.pageCookie = unsafe LDAPMessage.bytes(of: cookie)
            unsafe ber_memfree(cookie.bv_val)
        default:
            break
        }
        return true
    }

    private func passwordPolicy(_ control: UnsafeMutablePointer<LDAPControl>) -> PasswordPolicyResponse? {
        guard unsafe control.pointee.ldctl_value.bv_val != nil else { return PasswordPolicyResponse() }
        var (seconds, grace): (Int32, Int32) = (-1, -1)
        var problem = PP_noError
        guard
            unsafe ldap_parse_passwordpolicy_control(ld, control, &seconds, &grace, &problem) == LDAP_SUCCESS
        else { return nil }
        return PasswordPolicyResponse(
            secondsBeforeExpiration: seconds < 0 ? nil : Int(seconds),
            graceLoginsRemaining: grace < 0 ? nil : Int(grace),
            problem: problem == PP_noError ? nil : .init(rawValue: Int32(bitPattern: problem.rawValue))
        )
    }

    private func readValue(into answer: inout OperationAnswer) -> Bool {
        var value = unsafe berval()
        guard unsafe cldap_extended_value(message, &value) else { return false }
        answer.value = unsafe value.bv_val == nil ? nil : LDAPMessage.bytes(of: value)
        return true
    }

    private static func bytes(of value: berval) -> [UInt8] {
        guard let base = unsafe value.bv_val else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: Int(value.bv_len)))
    }
}

/// The controls about a password that can come with one answer, in any order.
struct PolicyControls {
    var draft: PasswordPolicyResponse?
    var isExpired = false
    var expiresIn: Int?

    /// The draft's control, completed by the older ones only where it is silent.
    ///
    /// "Expired" of the older ones also comes with a grace login; then the draft's control is the one to believe.
    var response: PasswordPolicyResponse? {
        guard draft != nil || isExpired || expiresIn != nil else { return nil }
        var response = draft ?? PasswordPolicyResponse()
        response.secondsBeforeExpiration = response.secondsBeforeExpiration ?? expiresIn
        if isExpired, response.problem == nil, response.graceLoginsRemaining == nil {
            response.problem = .passwordExpired
        }
        return response
    }
}
