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
        var owned: [UnsafeMutablePointer<CChar>?] = []
        defer { owned.forEach { free($0) } }
        func text(_ string: String) -> UnsafePointer<CChar> {
            let copy = strdup(string)!
            owned.append(copy)
            return UnsafePointer(copy)
        }
        let users = people.map(text)
        let passwords = people.map { text("open-\($0)") }
        var result = creference_result()
        let code = users.withUnsafeBufferPointer { users in
            passwords.withUnsafeBufferPointer { passwords in
                var job = creference_job(
                    url: text(url),
                    ca_file: url.hasPrefix("ldaps") ? text(facts["CA_FILE"]) : nil,
                    reader_dn: text(facts["READER_DN"]),
                    reader_password: text(facts["READER_PASSWORD"]),
                    people_base: text(facts["PEOPLE_DN"]),
                    groups_base: text(facts["GROUPS_DN"]),
                    group_dn: text("cn=employees,\(facts["GROUPS_DN"])"),
                    users: users.baseAddress!,
                    passwords: passwords.baseAddress!,
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
