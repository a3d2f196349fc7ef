internal import Glibc
internal import TestBed

/// What happens around the portal: its directory dies, hangs and comes back, and it is told to reload.
struct Weather: Sendable {
    private let directory: SlapdServer
    private let portal: RunningProgram
    private let tally: Tally

    init(_ directory: SlapdServer, _ portal: RunningProgram, _ tally: Tally) {
        (self.directory, self.portal, self.tally) = (directory, portal, tally)
    }

    func change(until end: ContinuousClock.Instant) async {
        do {
            while ContinuousClock.now + .seconds(12) < end {
                try await Task.sleep(for: .seconds(5))
                try directory.kill()
                await tally.count("directory killed")
                try await Task.sleep(for: .seconds(2))
                reload()
                try await directory.restart()
                await tally.count("directory back")
                try await Task.sleep(for: .seconds(4))
                reload()
                await tally.count("reloaded")
                try await Task.sleep(for: .seconds(4))
                try directory.suspend()
                await tally.count("directory hung")
                try await Task.sleep(for: .seconds(2))
                try directory.resume()
            }
        } catch {
            await tally.complain("the directory: \(error)")
        }
    }

    private func reload() {
        portal.signal(SIGHUP)
    }
}
