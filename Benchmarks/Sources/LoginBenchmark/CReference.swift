internal import BenchmarkSupport
internal import CLoginReference
internal import Dispatch
internal import Glibc

/// The reference in plain C, run on threads of its own.
struct CReference: Sendable {
    let facts: TestBedFacts
    let url: String
    let people: [String]

    func run(threads: Int, seconds: Double) async throws -> Measurement {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try measure(threads: threads, seconds: seconds) })
            }
        }
    }

    private func measure(threads: Int, seconds: Double) throws -> Measurement {
        var owned: [UnsafeMutablePointer<CChar>] = []
        defer { owned.forEach { free($0) } }
        func text(_ string: String) throws -> UnsafePointer<CChar> {
            guard let copy = strdup(string) else { throw UnexpectedOutcome(description: "out of memory") }
            owned.append(copy)
            return UnsafePointer(copy)
        }
        let users = try people.map(text)
        let passwords = try people.map { try text("open-\($0)") }
        var result = creference_result()
        let code = try users.withUnsafeBufferPointer { users in
            try passwords.withUnsafeBufferPointer { passwords in
                guard let names = users.baseAddress, let secrets = passwords.baseAddress else {
                    throw UnexpectedOutcome(description: "nobody to log in")
                }
                var job = creference_job(
                    url: try text(url),
                    ca_file: url.hasPrefix("ldaps") ? try text(facts["CA_FILE"]) : nil,
                    reader_dn: try text(facts["READER_DN"]),
                    reader_password: try text(facts["READER_PASSWORD"]),
                    people_base: try text(facts["PEOPLE_DN"]),
                    groups_base: try text(facts["GROUPS_DN"]),
                    group_dn: try text("cn=employees,\(facts["GROUPS_DN"])"),
                    users: names,
                    passwords: secrets,
                    user_count: Int32(people.count),
                    threads: Int32(threads),
                    seconds: seconds
                )
                return creference_run(&job, &result)
            }
        }
        guard code == 0, result.failures == 0, result.logins > 0 else {
            throw UnexpectedOutcome(description: "C reference: code \(code), \(result.failures) failures")
        }
        return Measurement(
            perSecond: Double(result.logins) / result.seconds,
            medianMicroseconds: result.median_us
        )
    }
}
