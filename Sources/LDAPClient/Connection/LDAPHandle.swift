internal import CLDAPShim
internal import Glibc
internal import HostSystem

/// One handle of libldap on one socket; used on one thread at a time.
///
/// It never calls libldap again after a failure of the connection: the library would try to connect by itself.
@safe
final class LDAPHandle {
    /// A call that libldap refused.
    struct Failure: Error {
        let code: LDAPResultCode
        let diagnostic: String
    }

    /// What the server may send in one message; entries with photographs are far smaller.
    private static let largestMessage = 16 * 1024 * 1024

    /// What libldap makes of it when GnuTLS has shaken hands and the certificate is then not verified.
    private static let unverified = "(unknown error code)"

    let ld: OpaquePointer
    private let transport: OpaquePointer
    // Closed when the last reference goes away, after libldap has said goodbye. Another thread may hold a reference to
    // shut the socket down under a handshake; so the number cannot be given out again meanwhile.
    private let socket: OwnedDescriptor

    /// Makes a handle; `url` names the server as its certificate must.
    init(socket: OwnedDescriptor, url: String) throws(Failure) {
        var ld: OpaquePointer?
        var transport: OpaquePointer?
        let code = unsafe cldap_open(socket.descriptor, url, LDAPHandle.largestMessage, &ld, &transport)
        guard let ld = unsafe ld, let transport = unsafe transport else {
            throw Failure(code: LDAPResultCode(rawValue: code), diagnostic: "")
        }
        unsafe self.ld = ld
        unsafe self.transport = transport
        self.socket = socket
    }

    deinit {
        unsafe cldap_close(ld, transport)
    }

    /// The socket's number, for poll(2).
    var descriptor: Int32 { socket.descriptor }

    /// Whether bytes wait for the kernel to take them.
    var wantsWrite: Bool { unsafe cldap_wants_write(transport) }

    /// Whether something was received that libldap has not looked at.
    var hasInput: Bool { unsafe cldap_has_input(transport) }

    /// Whether ``next()`` would find something without reading from the socket.
    var isDataReady: Bool { unsafe cldap_is_data_ready(transport) }

    /// Keeps requests until ``flush()`` (true) or sends them at once (false, as at first).
    func cork(_ isCorked: Bool) { unsafe cldap_cork(transport, isCorked) }

    /// Sends what was kept.
    ///
    /// Returns false if the connection is broken.
    func flush() -> Bool { unsafe cldap_flush(transport) == 0 }

    /// Takes no more than this from the socket until it is called again.
    func limit(_ bytes: Int) { unsafe cldap_limit(transport, bytes) }

    /// How many bytes were taken from the socket so far.
    var received: Int { unsafe cldap_received(transport) }

    /// Reads what has arrived.
    ///
    /// Returns false if the connection is over and nothing is left to read.
    func fill() -> Bool { unsafe cldap_fill(transport) >= 0 }

    /// Whether the last ``fill()`` found so much that there may be more.
    var filledToCapacity: Bool { unsafe cldap_is_full(transport) }

    /// The next message of whatever operation, or nil if there is none complete; throws if the connection is over.
    func next() throws(Failure) -> LDAPMessage? {
        var message: OpaquePointer?
        let type = unsafe cldap_next(ld, &message)
        if type < 0 { throw lastFailure() }
        guard type > 0, let message = unsafe message else { return nil }
        return unsafe LDAPMessage(adopting: message, of: self)
    }

    /// What the last failed call said.
    func lastFailure() -> Failure {
        var code: Int32 = 0
        _ = unsafe ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code)
        var text: UnsafeMutablePointer<CChar>?
        _ = unsafe ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text)
        defer { unsafe ldap_memfree(text) }
        let diagnostic = unsafe text.map { unsafe String(cString: $0) } ?? ""
        return Failure(code: code == 0 ? .serverDown : LDAPResultCode(rawValue: code), diagnostic: diagnostic)
    }

    /// Does the TLS handshake, waiting on this thread for at most `limit`; `socket.shutdown` ends it earlier.
    func installTLS(limit: Duration) throws(Failure) {
        try setTime(LDAP_OPT_NETWORK_TIMEOUT, limit)
        // Without CONNECT_ASYNC libldap 2.5 waits for ever in a handshake, whatever the time limit (ITS#8047).
        try setFlag(LDAP_OPT_CONNECT_ASYNC, true)
        let code = unsafe ldap_install_tls(ld)
        guard code == LDAP_SUCCESS, unsafe ldap_tls_inplace(ld) == 1 else {
            let said = lastFailure()
            throw Failure(
                code: LDAPResultCode(rawValue: code == LDAP_SUCCESS ? LDAP_CONNECT_ERROR : code),
                diagnostic: said.diagnostic == Self.unverified
                    ? "the server's certificate was not accepted" : said.diagnostic
            )
        }
    }
}

// MARK: Requests

extension LDAPHandle {
    /// Sends a bind; the credential bytes are not kept.
    func bind(
        name: String,
        mechanism: String?,
        credential: UnsafeRawBufferPointer,
        passwordPolicy: Bool
    ) throws(Failure) -> Int32 {
        // libldap reads the credential and does not write to it; the cast is for its missing `const`.
        let base = unsafe UnsafeMutableRawPointer(mutating: credential.baseAddress)
        var value = unsafe berval(
            bv_len: UInt(credential.count),
            bv_val: base?.assumingMemoryBound(to: CChar.self)
        )
        var control: UnsafeMutablePointer<LDAPControl>?
        if passwordPolicy {
            let code = unsafe ldap_control_create(LDAP_CONTROL_PASSWORDPOLICYREQUEST, 0, nil, 0, &control)
            guard code == LDAP_SUCCESS else { throw failure(code) }
        }
        defer { if let control = unsafe control { unsafe ldap_control_free(control) } }
        var controls = unsafe [control, nil]
        var id: Int32 = -1
        try check(unsafe ldap_sasl_bind(ld, name, mechanism, &value, &controls, nil, &id))
        return id
    }

    /// Sends an extended request without a value.
    func extended(_ identifier: String) throws(Failure) -> Int32 {
        var id: Int32 = -1
        try check(unsafe ldap_extended_operation(ld, identifier, nil, nil, nil, &id))
        return id
    }

    /// Sends a search; `cookie` is what the page before ended with, if the request asks for pages.
    func search(_ request: LDAPSearchRequest, seconds: Int, cookie: [UInt8]) throws(Failure) -> Int32 {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        var control: UnsafeMutablePointer<LDAPControl>?
        if let size = request.pageSize { unsafe control = try pageControl(size, cookie) }
        defer { if let control = unsafe control { unsafe ldap_control_free(control) } }
        var controls = unsafe [control, nil]
        // Copies of our own, because libldap wants pointers to texts that nobody else moves. None has a NUL in it: the
        // filter is escaped, and the names are looked at before.
        var names: [UInt8] = []
        names.reserveCapacity(request.attributes.count * 24)
        let starts = request.attributes.map { name in
            defer {
                names += name.utf8
                names.append(0)
            }
            return names.count
        }
        let filter = request.filter.encoded + [0]
        var id: Int32 = -1
        let code = unsafe names.withUnsafeMutableBytes { names in
            let texts = unsafe names.baseAddress?.assumingMemoryBound(to: CChar.self)
            var list = unsafe starts.map { start in unsafe texts.map { unsafe $0 + start } } + [nil]
            return unsafe ldap_search_ext(
                ld,
                request.base,
                request.scope.rawValue,
                filter,
                &list,
                request.typesOnly ? 1 : 0,
                &controls,
                nil,
                &limit,
                request.sizeLimit,
                &id
            )
        }
        try check(code)
        return id
    }

    /// Tells the server that nobody waits for an answer any more, and libldap to drop it.
    func abandon(_ id: Int32) {
        _ = unsafe ldap_abandon_ext(ld, id, nil, nil)
    }

    private func pageControl(_ size: Int32, _ cookie: [UInt8]) throws(Failure) -> UnsafeMutablePointer<LDAPControl>? {
        var control: UnsafeMutablePointer<LDAPControl>?
        var bytes = cookie.map { CChar(bitPattern: $0) }
        let code = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var value = unsafe berval(bv_len: UInt(buffer.count), bv_val: buffer.baseAddress)
            return unsafe ldap_create_page_control(ld, size, &value, 0, &control)
        }
        guard code == LDAP_SUCCESS else { throw failure(code) }
        return unsafe control
    }

    private func check(_ code: Int32) throws(Failure) {
        guard code == LDAP_SUCCESS else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> Failure {
        Failure(code: LDAPResultCode(rawValue: code), diagnostic: lastFailure().diagnostic)
    }
}
