internal import EnterpriseAuth

extension StoreConformanceSuite {
    static let lookups = [
        Scenario("a session comes back with every field as it went in") { open in
            let store = try await open()
            let session = try SampleSessions.session()
            try await store.apply([.insert(session)])
            try expectEqual(try await store.session(withTokenHash: session.tokenHash), session, "the session")
            await store.close()
        },
        Scenario("a session without the optional fields comes back as it went in") { open in
            let store = try await open()
            let identity = Identity(
                userID: UserID(rawValue: "host:bob"),
                loginName: "bob",
                provider: "host",
                source: .local(provider: "host", uid: 1001)
            )
            let session = Session(
                id: try SampleSessions.id(),
                tokenHash: try SampleSessions.hash(),
                identity: identity,
                groups: [],
                isActive: false,
                createdAt: SampleSessions.start,
                authenticatedAt: nil,
                lastSeenAt: SampleSessions.start,
                expiresAt: SampleSessions.start,
                lastVerdictAt: SampleSessions.start,
                client: .local,
                flags: [.forced, .clientChanged],
                parent: try SampleSessions.id()
            )
            try await store.apply([.insert(session)])
            try expectEqual(try await store.session(withTokenHash: session.tokenHash), session, "the session")
            await store.close()
        },
        Scenario("an unknown token hash has no session") { open in
            let store = try await open()
            try await store.apply([.insert(try SampleSessions.session())])
            let found = try await store.session(withTokenHash: try SampleSessions.hash())
            try expect(found == nil, "a hash that was never stored has a session")
            await store.close()
        },
        Scenario("an id or a token hash that is there already is refused") { open in
            let store = try await open()
            let first = try SampleSessions.session()
            try await store.apply([.insert(first)])
            try await expectRefusal(store, [.insert(first)], "the same session twice")
            var second = try SampleSessions.session(of: "bob")
            second.tokenHash = first.tokenHash
            try await expectRefusal(store, [.insert(second)], "another session with the same token")
            try expectEqual(try await store.session(withTokenHash: first.tokenHash), first, "the first session")
            await store.close()
        },
    ]

    static let changes = [
        Scenario("with a new token the old one is dead, and the rest of the session is as it was") { open in
            let store = try await open()
            let old = try SampleSessions.session()
            var new = old
            new.tokenHash = try SampleSessions.hash()
            new.authenticatedAt = SampleSessions.start.adding(.seconds(60))
            new.client = SessionClient(address: "192.0.2.7", userAgent: nil)
            new.flags = .clientChanged
            new.passwordVersion = "2"
            try await store.apply([.insert(old), .replaceToken(new)])
            try expect(try await store.session(withTokenHash: old.tokenHash) == nil, "the old token is alive")
            try expectEqual(try await store.session(withTokenHash: new.tokenHash), new, "the session")
            await store.close()
        },
        Scenario("uses, data and flags of a session change, and nobody else's") { open in
            let store = try await open()
            var session = try SampleSessions.session()
            let other = try SampleSessions.session()
            session.lastSeenAt = SampleSessions.start.adding(.seconds(5))
            session.lastVerdictAt = SampleSessions.start.adding(.seconds(4))
            session.flags = .clientChanged
            var data = SessionData()
            try data.set(String(repeating: "x", count: 4000), for: "flash")
            session.data = data
            let touch = SessionTouch(
                id: session.id,
                lastSeenAt: session.lastSeenAt,
                lastVerdictAt: session.lastVerdictAt
            )
            var inserted = try SampleSessions.session()
            inserted = Session(
                id: session.id,
                tokenHash: session.tokenHash,
                identity: session.identity,
                groups: session.groups,
                createdAt: session.createdAt,
                authenticatedAt: session.authenticatedAt,
                lastSeenAt: inserted.lastSeenAt,
                expiresAt: session.expiresAt,
                lastVerdictAt: inserted.lastVerdictAt,
                passwordVersion: session.passwordVersion,
                client: session.client
            )
            try await store.apply([.insert(inserted), .insert(other)])
            try await store.apply([.touch([touch]), .setData(session.id, data), .setFlags(session.id, session.flags)])
            try expectEqual(try await store.session(withTokenHash: session.tokenHash), session, "the session")
            try expectEqual(try await store.session(withTokenHash: other.tokenHash), other, "the other session")
            await store.close()
        },
        Scenario("what the sources show of a person reaches all of the person's sessions and no others") { open in
            let store = try await open()
            let mine = [try SampleSessions.session(), try SampleSessions.session()]
            let theirs = try SampleSessions.session(of: "alice", directory: "other")
            try await store.apply((mine + [theirs]).map { .insert($0) })
            let identity = Identity(
                userID: mine[0].identity.userID,
                loginName: "alice.new",
                provider: "host",
                source: mine[0].identity.source
            )
            let asked = SampleSessions.start.adding(.seconds(60))
            try await store.apply([.setPerson(identity, groups: ["new"], isActive: false, lastVerdictAt: asked)])
            for var session in mine {
                session.identity = identity
                session.groups = ["new"]
                session.isActive = false
                session.lastVerdictAt = asked
                try expectEqual(try await store.session(withTokenHash: session.tokenHash), session, "the session")
            }
            try expectEqual(try await store.session(withTokenHash: theirs.tokenHash), theirs, "the other's session")
            try expectEqual(try await store.sessions(.loginName("alice.new")).count, 2, "sessions of the new name")
            await store.close()
        },
    ]

    static let endings = [
        Scenario("a session that has ended is gone, and no later change brings it back") { open in
            let store = try await open()
            let session = try SampleSessions.session()
            let other = try SampleSessions.session()
            try await store.apply([.insert(session), .insert(other)])
            try await store.apply([.end([session.id, try SampleSessions.id()])])
            var renewed = session
            renewed.tokenHash = try SampleSessions.hash()
            let now = SampleSessions.start
            try await store.apply([
                .replaceToken(renewed),
                .touch([SessionTouch(id: session.id, lastSeenAt: now, lastVerdictAt: now)]),
                .setData(session.id, session.data),
                .setFlags(session.id, .clientChanged),
                .end([session.id]),
            ])
            try expect(try await store.session(withTokenHash: session.tokenHash) == nil, "the session is back")
            try expect(try await store.session(withTokenHash: renewed.tokenHash) == nil, "it is back renewed")
            try expectEqual(try await store.sessions(.all), [other], "what is left")
            await store.close()
        },
        Scenario("with a session those that hang on it end, and those that hang on them, and no others") { open in
            let store = try await open()
            let parent = try SampleSessions.session()
            let child = try SampleSessions.session(parent: parent.id)
            let grandchild = try SampleSessions.session(parent: child.id)
            let other = try SampleSessions.session()
            let otherChild = try SampleSessions.session(parent: other.id)
            let bobs = try SampleSessions.session(of: "bob")
            let all = [grandchild, child, parent, otherChild, other, bobs]
            try await store.apply(all.map { .insert($0) })
            try await store.apply([.end([parent.id])])
            for session in [parent, child, grandchild] {
                try expect(try await store.session(withTokenHash: session.tokenHash) == nil, "a session is left")
            }
            try expectEqual(Set(try await store.sessions(.all)), [other, otherChild, bobs], "what is left")
            try await store.apply([.end([otherChild.id])])
            try expectEqual(Set(try await store.sessions(.all)), [other, bobs], "what is left after a child's end")
            await store.close()
        },
        Scenario("the end of all sessions leaves those that begin after it") { open in
            let store = try await open()
            let before = try SampleSessions.session()
            let after = try SampleSessions.session()
            try await store.apply([.insert(before)])
            try await store.apply([.endAll, .insert(after)])
            try expectEqual(try await store.sessions(.all), [after], "what is left")
            await store.close()
        },
        Scenario("sweeping removes what is over, to the millisecond, and nothing else") { open in
            let store = try await open()
            let now = SampleSessions.start.adding(.seconds(1000))
            let idleSince = SampleSessions.start
            let tick = Duration.milliseconds(1)
            let over = [
                try SampleSessions.session(seen: now, expires: now),
                try SampleSessions.session(seen: idleSince, expires: now.adding(tick)),
            ]
            let alive = try SampleSessions.session(seen: idleSince.adding(tick), expires: now.adding(tick))
            try await store.apply((over + [alive]).map { .insert($0) })
            try expectEqual(try await store.sweep(now: now, idleSince: idleSince), 2, "how many were removed")
            try expectEqual(try await store.sessions(.all), [alive], "what is left")
            try expectEqual(try await store.sweep(now: now, idleSince: idleSince), 0, "how many more were removed")
            await store.close()
        },
        Scenario("sweeping removes sessions whose parent session is over, and no others") { open in
            let store = try await open()
            let now = SampleSessions.start.adding(.seconds(1000))
            let over = try SampleSessions.session(expires: now)
            let alive = try SampleSessions.session()
            let child = try SampleSessions.session(parent: alive.id)
            let orphans = [
                try SampleSessions.session(parent: over.id),
                try SampleSessions.session(parent: try SampleSessions.id()),
            ]
            try await store.apply(([over, alive, child] + orphans).map { .insert($0) })
            let idleSince = SampleSessions.start.adding(.seconds(-1000))
            try expectEqual(try await store.sweep(now: now, idleSince: idleSince), 3, "how many were removed")
            try expectEqual(Set(try await store.sessions(.all)), [alive, child], "what is left")
            await store.close()
        },
    ]
}
