/// A remembered login in memory.
struct LiveSeries: Sendable {
    var record: RememberSeries
    /// How many times all sessions had been ended when this one came into memory.
    var epoch: UInt32
}

extension SessionRegistry {
    /// The series of a secret that a browser named it by, if its person is here.
    func series(withHash hash: SessionTokenHash) -> RememberSeries? {
        live(hash)?.record
    }

    private func live(_ hash: SessionTokenHash) -> LiveSeries? {
        owners[hash].flatMap { people[$0] }?.series.first { $0.record.seriesHash == hash }
    }

    /// The series of an id, if it is here.
    func series(_ id: SessionID, of userID: UserID) -> RememberSeries? {
        people[userID]?.series.first { $0.record.id == id }?.record
    }

    /// All series of a person.
    func series(of userID: UserID) -> [RememberSeries] {
        people[userID]?.series.map(\.record) ?? []
    }

    /// The sessions that came from a series.
    func sessions(from series: RememberSeries) -> [LiveSession] {
        (people[series.identity.userID]?.sessions ?? []).filter { $0.series == series.id }
    }

    /// The series that one look selects; like `select(_:)` for sessions.
    func selectSeries(_ selection: SessionSelection) -> [RememberSeries] {
        switch selection {
        case .user(let id): return series(of: id)
        case .all: return people.values.flatMap { $0.series.map(\.record) }
        case .ids(let ids):
            let wanted = Set(ids)
            return people.values.flatMap { $0.series.map(\.record) }.filter { wanted.contains($0.id) }
        case .loginName(let name):
            return people.values.flatMap { entry in
                let loginName = entry.person.view.facts.identity.loginName
                return loginName.utf8.elementsEqual(name.utf8) ? entry.series.map(\.record) : []
            }
        }
    }

    /// The person's series whose password has been changed since, as far as the source shows it.
    ///
    /// A source that has shown nothing and shows something now (OpenLDAP after the first change) shows a change.
    func outdatedSeries(of id: UserID, passwordVersion: String?) -> [RememberSeries] {
        guard let passwordVersion else { return [] }
        return series(of: id).filter { series in
            series.passwordVersion.map { PasswordVersion.isOlder($0, than: passwordVersion) } ?? true
        }
    }

    /// The person's series that were not used for longest, so many that no more than `limit` remain with a new one.
    func surplusSeries(of id: UserID, besides new: RememberSeries, limit: Int) -> [RememberSeries] {
        let others = series(of: id).filter { $0.id != new.id }.sorted { $0.usedAt < $1.usedAt }
        return Array(others.prefix(max(0, others.count + 1 - max(1, limit))))
    }

    /// Whether somebody has begun to end all sessions since a series came into memory.
    func isInDoubt(_ hash: SessionTokenHash) -> Bool {
        live(hash).map { $0.epoch < epoch } ?? false
    }

    /// A series is still in the store although all sessions were to be ended: that has not come about.
    mutating func clearDoubt(_ hash: SessionTokenHash, asOf epoch: UInt32) {
        guard let id = owners[hash], let index = people[id]?.series.firstIndex(where: { $0.record.seriesHash == hash })
        else { return }
        people[id]?.series[index].epoch = epoch
    }

    /// The sources show a person differently.
    mutating func show(_ identity: Identity) {
        let id = identity.userID
        for index in people[id]?.series.indices ?? 0..<0 { people[id]?.series[index].record.identity = identity }
    }

    /// Brings a series in; its person is here.
    mutating func add(_ series: RememberSeries) {
        let id = series.identity.userID
        people[id]?.series.append(LiveSeries(record: series, epoch: epoch))
        owners[series.seriesHash] = id
    }

    /// Puts what has changed of a series in the place of what was; whose it is stays as the sources showed it last.
    /// - Returns: False if it has ended meanwhile.
    @discardableResult
    mutating func update(_ series: RememberSeries) -> Bool {
        let id = series.identity.userID
        guard let index = people[id]?.series.firstIndex(where: { $0.record.id == series.id }) else { return false }
        let identity = people[id]?.series[index].record.identity ?? series.identity
        people[id]?.series[index].record = series
        people[id]?.series[index].record.identity = identity
        return true
    }

    /// Takes a series out.
    /// - Returns: False if somebody else was faster.
    mutating func remove(_ series: RememberSeries) -> Bool {
        let id = series.identity.userID
        noteEnd(series.id, of: id)
        guard var entry = people[id], let index = entry.series.firstIndex(where: { $0.record.id == series.id }) else {
            return false
        }
        entry.series.remove(at: index)
        owners[series.seriesHash] = nil
        people[id] = entry.isEmpty ? nil : entry
        return true
    }
}
