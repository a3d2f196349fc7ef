import Foundation
import Glibc

/// What this process has open, told apart from what tests running beside have open.
enum OpenDescriptors {
    /// How many sockets have the given peer: 127.0.0.1 and a port that only one test uses.
    static func connected(toPort port: UInt16) -> Int {
        numbers().count { descriptor in
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe getpeername(descriptor, $0, &length)
                }
            }
            return code == 0 && Int32(peer.sin_family) == AF_INET && peer.sin_port == port.bigEndian
        }
    }

    static func numbers() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }
    }
}

/// Waits for something that another thread is about to do; false if it has not happened after five seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<500 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}
