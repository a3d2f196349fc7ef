import Synchronization

/// Counts calls from any task.
final class Counter: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .sequentiallyConsistent) }

    @discardableResult
    func next() -> Int {
        value.add(1, ordering: .sequentiallyConsistent).newValue
    }
}
