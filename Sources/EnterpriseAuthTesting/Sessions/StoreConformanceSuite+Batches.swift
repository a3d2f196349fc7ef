internal import EnterpriseAuth

extension StoreConformanceSuite {
    static let batches = [
        Scenario("a batch that fails has changed nothing") { open in
            let store = try await open()
            let old = try SampleSessions.session()
            let new = try SampleSessions.session()
            try await store.apply([.insert(old)])
            let batch: [SessionChange] = [.insert(new), .end([old.id]), .insert(new)]
            try await expectRefusal(store, batch, "a batch with the same session twice")
            try expectEqual(try await store.sessions(.all), [old], "what is there")
            await store.close()
        },
        Scenario("a batch is applied in its order") { open in
            let store = try await open()
            let session = try SampleSessions.session()
            try await store.apply([.insert(session), .end([session.id])])
            try expectEqual(try await store.sessions(.all), [], "what is there after insert and end")
            try await store.apply([.end([session.id]), .insert(session)])
            try expectEqual(try await store.sessions(.all), [session], "what is there after end and insert")
            await store.close()
        },
        Scenario("an empty batch is taken") { open in
            let store = try await open()
            try await store.apply([])
            try await store.apply([.end([]), .touch([])])
            await store.close()
        },
        Scenario("readers and a writer at the same time see whole sessions only") { open in
            let store = try await open()
            let sessions = try (0..<200).map { try SampleSessions.session(of: "person\($0 % 7)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for session in sessions { try await store.apply([.insert(session)]) }
                }
                for reader in 0..<4 {
                    group.addTask {
                        for session in sessions where session.identity.loginName == "person\(reader)" {
                            let found = try await store.session(withTokenHash: session.tokenHash)
                            try expect(found == nil || found == session, "a reader saw half a session")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try expectEqual(try await store.sessions(.all).count, sessions.count, "how many are there")
            await store.close()
        },
    ]

    static let lists = [
        Scenario("lists choose by person, login name and id, byte by byte") { open in
            let store = try await open()
            let alice = try SampleSessions.session(of: "alice")
            let otherAlice = try SampleSessions.session(of: "alice", directory: "other")
            let composed = try SampleSessions.session(of: "ren\u{e9}e")
            let decomposed = try SampleSessions.session(of: "rene\u{301}e")
            let all = [alice, otherAlice, composed, decomposed]
            try await store.apply(all.map { .insert($0) })
            let expectations: [(SessionSelection, Set<SessionID>)] = [
                (.all, Set(all.map(\.id))),
                (.user(alice.identity.userID), [alice.id]),
                (.user(composed.identity.userID), [composed.id]),
                (.loginName("alice"), [alice.id, otherAlice.id]),
                (.loginName("ALICE"), []),
                (.loginName("ren\u{e9}e"), [composed.id]),
                (.ids([alice.id, decomposed.id, try SampleSessions.id()]), [alice.id, decomposed.id]),
                (.ids([]), []),
            ]
            for (selection, expected) in expectations {
                try expectEqual(Set(try await store.sessions(selection).map(\.id)), expected, "\(selection)")
            }
            await store.close()
        },
        Scenario("pages come in the order of the ids, without gap or repetition") { open in
            let store = try await open()
            let sessions = try (0..<25).map { _ in try SampleSessions.session() }
            try await store.apply(sessions.map { .insert($0) })
            var found: [SessionID] = []
            while true {
                let page = try await store.sessions(.all, after: found.last, limit: 10)
                found += page.map(\.id)
                try expect(page.count <= 10, "a page has more than was asked for")
                if page.count < 10 { break }
            }
            try expectEqual(found, sessions.map(\.id).sorted(), "the pages")
            await store.close()
        },
    ]

    static let durability = [
        Scenario("what was acknowledged is there after the store is closed and opened again", needsDurability: true) {
            open in
            let first = try await open()
            let kept = try SampleSessions.session()
            let ended = try SampleSessions.session()
            try await first.apply([.insert(kept), .insert(ended)])
            try await first.apply([.end([ended.id])])
            await first.close()
            let second = try await open()
            try expectEqual(try await second.sessions(.all), [kept], "what is there")
            await second.close()
        }
    ]
}
