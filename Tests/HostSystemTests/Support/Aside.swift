import HostSystem

/// Makes a call that blocks on a thread of its own: the threads that run the tests are as few as the processors.
func aside<Value: Sendable>(_ call: @escaping @Sendable () throws(HostError) -> Value) async throws -> Value {
    let executor = BlockingExecutor(name: "test", width: 1, queueLimit: 0)
    return try await executor.run(deadline: .now + .seconds(30), call)
}
