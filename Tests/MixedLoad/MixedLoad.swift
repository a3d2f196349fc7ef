internal import ArgumentParser
internal import Foundation
internal import TestBed
internal import TestWeb

/// Mixed load on everything at once: people who log in, work and log out behind a proxy, people who must never get in,
/// a directory that comes and goes, and a portal that is told to reload all the while.
///
/// It fails if anybody got in who may not, if anybody was shown as somebody else, if an answer was an error that no
/// outage explains, or if the portal has grown.
@main
struct MixedLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mixed-load")

    @Option(help: "How long, in seconds.")
    var seconds = 600.0

    @Option(help: "People who work at the same time.")
    var people = 12

    @Option(help: "The proxy in front: nginx, caddy, haproxy or apache2.")
    var proxy = ProxyServer.Kind.nginx.rawValue

    func run() async throws {
        let directory = try await SlapdServer.start()
        do {
            let isGood = try await run(directory)
            await directory.stop()
            if !isGood { throw ExitCode.failure }
        } catch {
            await directory.stop()
            throw error
        }
    }

    private func run(_ directory: SlapdServer) async throws -> Bool {
        guard let kind = ProxyServer.Kind(rawValue: proxy) else {
            throw ValidationError("there is no proxy “\(proxy)”")
        }
        let world = try await ProxyWorld(kind, directory: directory)
        let tally = Tally()
        let names = ["alice", "bob", "carol", "dora", "dan", "nina", "celia", "kim"]
        let growth = Growth(of: world.portal.processID, portal: world.portal)
        let end = ContinuousClock.now + .seconds(seconds)
        // First everybody once, so that what is made at the first use is not taken for growth.
        await withTaskGroup { group in
            for number in 0..<people {
                let person = TestPerson.named(names[number % names.count])
                group.addTask { await Worker(world, person, tally).work(until: end) }
            }
            for name in ["sam", "nora", "disa", "past"] {
                group.addTask { await Intruder(world, tally).suspended(.named(name), until: end) }
            }
            group.addTask { await Intruder(world, tally).forge(until: end) }
            group.addTask { await Intruder(world, tally).guess(until: end) }
            group.addTask { await Weather(directory, world.portal, tally).change(until: end) }
            group.addTask { await growth.watch(until: end) }
            await group.waitForAll()
        }
        if world.portal.hasEnded { await tally.complain("the portal has ended") }
        for line in await growth.complaints() { await tally.complain(line) }
        await tally.report()
        for line in await growth.report() { print(line) }
        let complaints = await tally.complaints
        guard !complaints.isEmpty else { return true }
        for line in complaints.prefix(30) { print("WRONG: \(line)") }
        print("\(complaints.count) things went wrong. The portal's last words:")
        print(world.portal.errors.split(separator: "\n").suffix(30).joined(separator: "\n"))
        return false
    }
}
