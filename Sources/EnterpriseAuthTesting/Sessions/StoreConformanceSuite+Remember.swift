internal import EnterpriseAuth

extension StoreConformanceSuite {
    static let rememberedLogins = [
        Scenario("a remembered login comes back with every field as it went in, and without the optional ones") {
            open in
            let store = try await open()
            let full = try SampleSessions.series()
            let sample = try SampleSessions.series(of: "bob")
            let bare = RememberSeries(
                id: sample.id,
                seriesHash: sample.seriesHash,
                tokenHash: sample.tokenHash,
                identity: sample.identity,
                createdAt: sample.createdAt,
                usedAt: sample.usedAt,
                expiresAt: sample.expiresAt,
                client: .local
            )
            try await store.apply([.insertSeries(full), .insertSeries(bare)])
            try expectEqual(try await store.series(withHash: full.seriesHash), full, "the remembered login")
            try expectEqual(try await store.series(withHash: bare.seriesHash), bare, "the bare remembered login")
            try expect(try await store.series(withHash: full.tokenHash) == nil, "it is found by its token")
            let session = try SampleSessions.session(series: full.id)
            try await store.apply([.insert(session)])
            try expectEqual(try await store.session(withTokenHash: session.tokenHash), session, "its session")
            await store.close()
        },
        Scenario("a remembered login whose id or hash is there already is refused, and with it the whole batch") {
            open in
            let store = try await open()
            let first = try SampleSessions.series()
            try await store.apply([.insertSeries(first)])
            let session = try SampleSessions.session()
            try await expectRefusal(store, [.insert(session), .insertSeries(first)], "the same one twice")
            let other = try SampleSessions.series(of: "bob")
            let twin = RememberSeries(
                id: other.id,
                seriesHash: first.seriesHash,
                tokenHash: other.tokenHash,
                identity: other.identity,
                createdAt: other.createdAt,
                usedAt: other.usedAt,
                expiresAt: other.expiresAt,
                client: other.client
            )
            try await expectRefusal(store, [.insert(session), .insertSeries(twin)], "another one with the same hash")
            try expectEqual(try await store.series(.all), [first], "the remembered logins")
            try expectEqual(try await store.sessions(.all), [], "the sessions")
            await store.close()
        },
        Scenario("a remembered login gets a new token, and nothing else of it changes, nor anybody else's") { open in
            let store = try await open()
            let old = try SampleSessions.series()
            let other = try SampleSessions.series()
            let sample = try SampleSessions.series(of: "bob", expires: SampleSessions.start.adding(.seconds(999_999)))
            var new = old
            new.tokenHash = sample.tokenHash
            new.previous = sample.previous
            new.usedAt = SampleSessions.start.adding(.seconds(100))
            new.expiresAt = sample.expiresAt
            new.passwordVersion = nil
            new.client = SessionClient(address: "192.0.2.7", userAgent: nil)
            var changed = new
            changed.identity = sample.identity
            try await store.apply([.insertSeries(old), .insertSeries(other), .updateSeries(changed)])
            try expectEqual(try await store.series(withHash: old.seriesHash), new, "the remembered login")
            try expectEqual(try await store.series(withHash: other.seriesHash), other, "the other one")
            await store.close()
        },
        Scenario("what the sources show of a person reaches the person's remembered logins and no others") { open in
            let store = try await open()
            var mine = try SampleSessions.series()
            let theirs = try SampleSessions.series(of: "alice", directory: "other")
            try await store.apply([.insertSeries(mine), .insertSeries(theirs)])
            mine.identity = Identity(
                userID: mine.identity.userID,
                loginName: "alice.new",
                provider: "host",
                source: mine.identity.source
            )
            let asked = SampleSessions.start
            try await store.apply([.setPerson(mine.identity, groups: [], isActive: true, lastVerdictAt: asked)])
            try expectEqual(try await store.series(.loginName("alice.new")), [mine], "those of the new name")
            try expectEqual(try await store.series(.loginName("alice")), [theirs], "those of the old name")
            await store.close()
        },
        Scenario("remembered logins are listed by person, login name and id, in pages") { open in
            let store = try await open()
            let alices = try (0..<12).map { _ in try SampleSessions.series() }
            let bobs = try SampleSessions.series(of: "bob")
            try await store.apply((alices + [bobs]).map { .insertSeries($0) } + [.insert(try SampleSessions.session())])
            let expectations: [(SessionSelection, Set<SessionID>)] = [
                (.all, Set(alices.map(\.id) + [bobs.id])),
                (.user(bobs.identity.userID), [bobs.id]),
                (.loginName("alice"), Set(alices.map(\.id))),
                (.ids([bobs.id, alices[0].id, try SampleSessions.id()]), [bobs.id, alices[0].id]),
                (.ids([]), []),
            ]
            for (selection, expected) in expectations {
                try expectEqual(Set(try await store.series(selection).map(\.id)), expected, "\(selection)")
            }
            let first = try await store.series(.loginName("alice"), after: nil, limit: 5)
            let second = try await store.series(.loginName("alice"), after: first.last?.id, limit: 50)
            try expectEqual((first + second).map(\.id), alices.map(\.id).sorted(), "the pages")
            await store.close()
        },
    ]

    static let rememberedEnds = [
        Scenario("with a remembered login the sessions that came from it end, and those that hang on them") { open in
            let store = try await open()
            let over = try SampleSessions.series()
            let kept = try SampleSessions.series()
            let parent = try SampleSessions.session(series: over.id)
            let child = try SampleSessions.session(parent: parent.id)
            let other = try SampleSessions.session(series: kept.id)
            let bobs = try SampleSessions.session(of: "bob", series: over.id)
            try await store.apply([.insertSeries(over), .insertSeries(kept)])
            try await store.apply([parent, child, other, bobs].map { .insert($0) })
            try await store.apply([.endSeries([over.id, try SampleSessions.id(), parent.id])])
            try expectEqual(try await store.series(.all), [kept], "the remembered logins")
            try expectEqual(Set(try await store.sessions(.all)), [other, bobs], "the sessions")
            try await store.apply([.endSeries([])])
            await store.close()
        },
        Scenario("a remembered login outlives its sessions, and once it has ended no change brings it back") { open in
            let store = try await open()
            let series = try SampleSessions.series()
            let session = try SampleSessions.session(series: series.id)
            try await store.apply([.insertSeries(series), .insert(session), .end([session.id])])
            try expectEqual(try await store.series(.all), [series], "after the end of its session")
            try await store.apply([.endSeries([series.id])])
            let asked = SampleSessions.start
            try await store.apply([
                .updateSeries(series),
                .setPerson(series.identity, groups: [], isActive: true, lastVerdictAt: asked),
                .endSeries([series.id]),
            ])
            try expect(try await store.series(withHash: series.seriesHash) == nil, "it is back")
            await store.close()
        },
        Scenario("the end of all sessions is that of all remembered logins, but for those that begin after it") {
            open in
            let store = try await open()
            let before = try SampleSessions.series()
            let after = try SampleSessions.series()
            try await store.apply([.insertSeries(before), .endAll, .insertSeries(after)])
            try expectEqual(try await store.series(.all), [after], "what is left")
            await store.close()
        },
        Scenario("sweeping removes remembered logins that are over and previous tokens of no use, to the millisecond") {
            open in
            let store = try await open()
            let now = SampleSessions.start.adding(.seconds(1000))
            let later = now.adding(.milliseconds(1))
            let over = try SampleSessions.series(expires: now)
            var alive = try SampleSessions.series(expires: later, previousUntil: now)
            let fresh = try SampleSessions.series(expires: later, previousUntil: later)
            try await store.apply([over, alive, fresh].map { .insertSeries($0) })
            let removed = try await store.sweep(now: now, idleSince: SampleSessions.start)
            try expectEqual(removed, 0, "how many sessions were removed")
            alive.previous = nil
            try expectEqual(Set(try await store.series(.all)), [alive, fresh], "what is left")
            await store.close()
        },
        Scenario("a remembered login that was acknowledged is there after a new start", needsDurability: true) { open in
            let first = try await open()
            let kept = try SampleSessions.series()
            let ended = try SampleSessions.series()
            try await first.apply([.insertSeries(kept), .insertSeries(ended)])
            try await first.apply([.endSeries([ended.id])])
            await first.close()
            let second = try await open()
            try expectEqual(try await second.series(.all), [kept], "what is there")
            await second.close()
        },
    ]
}
