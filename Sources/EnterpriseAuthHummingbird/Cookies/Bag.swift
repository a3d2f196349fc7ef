internal import EnterpriseAuth
internal import FoundationEssentials

/// The keys of the session data that this layer owns, and how their values are written.
enum Bag {
    static let flashKey = "_flash"
    static let nextKey = "_next"

    /// The messages in a bag, the oldest first; a text that is none of ours gives none.
    static func messages(in text: String?) -> [FlashMessage] {
        guard let text else { return [] }
        return (try? JSONDecoder().decode([FlashMessage].self, from: Data(text.utf8))) ?? []
    }

    /// Adds a message; where there is no room the oldest go, and a message that is alone too long is not kept.
    static func add(_ message: FlashMessage, to data: inout SessionData, fits: (SessionData) -> Bool = { _ in true }) {
        var messages = messages(in: data[flashKey]) + [message]
        while !messages.isEmpty {
            var changed = data
            if let text = text(of: messages), (try? changed.set(text, for: flashKey)) != nil, fits(changed) {
                data = changed
                return
            }
            messages.removeFirst()
        }
    }

    private static func text(of messages: [FlashMessage]) -> String? {
        guard let json = try? JSONEncoder().encode(messages) else { return nil }
        return String(decoding: json, as: UTF8.self)
    }
}
