internal import Foundation

/// A person of the test bed, as `config/testbed/people.tsv` lists them.
public struct TestPerson: Sendable, CustomStringConvertible {
    /// What a complete login should come to, where active means: in employees, not in suspended, nested groups counted.
    public enum Outcome: String, Sendable {
        /// Logged in.
        case active
        /// Right password, not active.
        case inactive
        /// Right password, which has to be changed first.
        case change
        /// Locked after failures.
        case locked
        /// Disabled by an administrator, or not yet begun.
        case disabled
        /// The account (not the password) has ended.
        case expired
        /// Two entries have this name.
        case ambiguous
        /// The entry has no user name.
        case noIdentity = "no-identity"
        /// No password would be right.
        case wrongPassword = "wrong-password"
    }

    /// What is typed as user name.
    public let user: String
    /// The right password.
    public let password: String
    /// What is special about this person.
    public let situation: String
    /// What a bind comes to: the result code and, behind a space, what the password-policy control says.
    public let bind: String
    /// What a complete login should come to.
    public let outcome: Outcome
    /// The directory the person is in.
    public let flavour: SlapdServer.Flavour
    /// The entry's name.
    public let dn: String

    /// The user name and the situation.
    public var description: String { "\(user) (\(situation))" }

    /// Everybody.
    public static let all: [TestPerson] = {
        do {
            return try read("\(Repository.testBed)/people.tsv")
        } catch {
            fatalError("people.tsv: \(error)")
        }
    }()

    /// The people of one directory.
    ///
    /// - Parameter flavour: Which directory.
    /// - Returns: Its people, in the order of the table.
    public static func all(_ flavour: SlapdServer.Flavour) -> [TestPerson] {
        all.filter { $0.flavour == flavour }
    }

    /// One person by name.
    ///
    /// - Parameters:
    ///   - user: The user name as in the table.
    ///   - flavour: Which directory.
    /// - Returns: The person; a name that is not in the table ends the test run.
    public static func named(_ user: String, _ flavour: SlapdServer.Flavour = .openldap) -> TestPerson {
        guard let person = all.first(where: { $0.user == user && $0.flavour == flavour }) else {
            fatalError("people.tsv has no \(user) in \(flavour)")
        }
        return person
    }

    private static func read(_ path: String) throws -> [TestPerson] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            if line.hasPrefix("#") { return nil }
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 7, let outcome = Outcome(rawValue: fields[4]),
                let flavour = SlapdServer.Flavour(rawValue: fields[5])
            else { throw TestBedError("this line is not of the agreed form: \(line)") }
            return TestPerson(
                user: fields[0],
                password: fields[1],
                situation: fields[2],
                bind: fields[3],
                outcome: outcome,
                flavour: flavour,
                dn: fields[6]
            )
        }
    }
}
