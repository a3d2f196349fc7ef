internal import Glibc

/// Runs one system call: repeats it when a signal interrupted it, throws what it says when it fails.
/// - Parameters:
///   - call: The function's name, for the error.
///   - subject: What it works on, for the error.
///   - body: The call; `-1` means failure with `errno` set.
/// - Returns: The call's result.
/// - Throws: ``HostError`` with the `errno` value.
@discardableResult
func systemCall<Value: FixedWidthInteger & SignedInteger>(
    _ call: String,
    _ subject: @autoclosure () -> String = "",
    _ body: () -> Value
) throws(HostError) -> Value {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        guard code == EINTR else { throw HostError(.system(code), call: call, subject: subject()) }
    }
}
