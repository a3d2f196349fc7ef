public import EnterpriseAuth

/// What every `SessionStore` must do, as scenarios that a store's own tests run one by one.
///
/// ```swift
/// @Test(arguments: StoreConformanceSuite.scenarios)
/// func conforms(_ scenario: StoreConformanceSuite.Scenario) async throws {
///     try await scenario.run { MemorySessionStore() }
/// }
/// ```
public enum StoreConformanceSuite {
    /// Opens the store under test; the second time within one scenario it opens what the first one has closed.
    public typealias Opener = @Sendable () async throws -> any SessionStore

    /// One thing that a store must do.
    public struct Scenario: Sendable, CustomStringConvertible {
        /// What must be, as a sentence.
        public let description: String

        /// Whether the store must outlive being closed for this.
        public let needsDurability: Bool

        private let body: @Sendable (Opener) async throws -> Void

        init(
            _ description: String,
            needsDurability: Bool = false,
            _ body: @escaping @Sendable (Opener) async throws -> Void
        ) {
            self.description = description
            self.needsDurability = needsDurability
            self.body = body
        }

        /// Plays the scenario on an empty store.
        /// - Parameter open: Opens the store.
        /// - Throws: `ConformanceFailure`, or what the store throws.
        public func run(_ open: Opener) async throws {
            try await body(open)
        }
    }

    /// All scenarios; a store that lives in memory leaves out those that need durability.
    public static let scenarios: [Scenario] =
        lookups + changes + endings + batches + lists + durability + rememberedLogins + rememberedEnds

    static func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        guard condition else { throw ConformanceFailure(message()) }
    }

    static func expectEqual<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String) throws {
        guard found == expected else {
            throw ConformanceFailure("\(what): expected \(expected), found \(found)")
        }
    }

    /// Expects the store to refuse a batch.
    static func expectRefusal(_ store: any SessionStore, _ changes: [SessionChange], _ what: String) async throws {
        do throws(SessionStoreError) {
            try await store.apply(changes)
        } catch {
            return
        }
        throw ConformanceFailure("the store took \(what)")
    }
}
