import Foundation
import Glibc
import HostSystem

/// A terminal of a test's own: what the test types on one side a program reads on the other.
final class PseudoTerminal: Sendable {
    private let master: OwnedDescriptor
    private let slave: OwnedDescriptor
    /// The program's side.
    let path: String

    init() throws {
        master = OwnedDescriptor(adopting: unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC))
        // What unlockpt(3) and ptsname(3) do; Swift's Glibc module has neither. TIOCSPTLCK and TIOCGPTN.
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        guard unsafe ioctl(master.descriptor, 0x4004_5431, &isLocked) == 0,
            unsafe ioctl(master.descriptor, 0x8004_5430, &number) == 0
        else { throw HostError(.system(errno), call: "ptsname") }
        path = "/dev/pts/\(number)"
        // Held open, so that the settings last and the master side does not see an end.
        slave = OwnedDescriptor(adopting: unsafe open(path, O_RDWR | O_NOCTTY | O_CLOEXEC))
    }

    /// Types something.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(master.descriptor, bytes, bytes.count)
    }

    /// What the person sees, until a text has appeared.
    func screen(until text: String) async throws -> String {
        var seen: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: seen, as: UTF8.self).contains(text) {
            let number = master.descriptor
            try await DescriptorReadiness.wait(for: number, .reading, deadline: .now + .seconds(30), subject: text)
            let count = unsafe read(number, &buffer, buffer.count)
            guard count > 0 else { break }
            seen += buffer[..<count]
        }
        return String(decoding: seen, as: UTF8.self)
    }

    /// Whether typed characters are shown.
    var echoes: Bool {
        var settings = termios()
        guard unsafe tcgetattr(slave.descriptor, &settings) == 0 else { return false }
        return settings.c_lflag & tcflag_t(ECHO) != 0
    }
}
