internal import LDAPClient

/// The groups that a server keeps with a person (`memberOf`), complete or not at all.
struct GroupList {
    /// The DNs, as the server wrote them.
    let names: [String]

    /// Reads the attribute.
    ///
    /// Active Directory cuts a long list and says so by an option, `memberOf;range=0-1499` ([MS-ADTS] 3.1.1.3.1.3.3);
    /// the attribute without the option then looks empty.
    /// - Parameters:
    ///   - entry: The person's entry.
    ///   - attribute: The attribute.
    /// - Throws: `EntryProblem` if the list is cut, or holds what is no text.
    init(entry: LDAPEntry, attribute: String) throws(EntryProblem) {
        let wanted = LDAPEntry.Attribute(description: attribute, values: [])
        let isCut = entry.attributes.contains { shown in
            shown.name == wanted.name && shown.options.contains { $0.hasPrefix("range=") }
        }
        guard !isCut else { throw EntryProblem(detail: "\(entry.dn): the server sent only a part of \(attribute)") }
        var names: [String] = []
        for value in entry.values(attribute) {
            guard let name = String(validating: value, as: UTF8.self) else {
                throw EntryProblem(detail: "\(entry.dn): \(attribute) holds a name that is not UTF-8")
            }
            names.append(name)
        }
        self.names = names
    }
}
