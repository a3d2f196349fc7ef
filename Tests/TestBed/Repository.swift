internal import Foundation

/// Where the project's own files are, for tests that use them.
public enum Repository {
    /// The root of the working copy that the tests were built from.
    public static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The test bed's configuration: LDIF, templates, scripts.
    public static var testBed: String { "\(root)/config/testbed" }

    /// A program that the build has put beside the test bundle.
    ///
    /// - Parameter name: The product's name.
    /// - Returns: Its path.
    public static func builtProgram(_ name: String) -> String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// A script of the test bed.
    ///
    /// - Parameter name: Its name in `config/testbed/bin`.
    /// - Returns: Its path.
    public static func script(_ name: String) -> String {
        "\(testBed)/bin/\(name)"
    }
}
