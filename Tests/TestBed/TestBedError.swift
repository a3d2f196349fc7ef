/// Something of the test bed itself that did not work: a failed test says so, it is never the product's fault.
public struct TestBedError: Error, CustomStringConvertible {
    /// What did not work, and what to do about it.
    public let description: String

    /// Makes an error.
    ///
    /// - Parameter description: What did not work.
    public init(_ description: String) {
        self.description = description
    }
}
