/// A device from which a person has logged in before, as `KnownDeviceKey` has found it proven.
///
/// Its wrong passwords are counted apart from those of strangers, in both directions: strangers cannot lock it out, and
/// whoever steals it guesses on its account alone.
public struct KnownDevice: Sendable, Hashable {
    /// The folded name of the person who has logged in there.
    let account: String

    /// Which device: random, and of no meaning elsewhere.
    let id: String

    init(account: String, id: String) {
        (self.account, self.id) = (account, id)
    }

    /// What a live session proves: its person has logged in where it is used.
    init(session: SessionID, loginName: String) {
        self.init(account: AccountName.folded(loginName), id: "session:\(session)")
    }
}
