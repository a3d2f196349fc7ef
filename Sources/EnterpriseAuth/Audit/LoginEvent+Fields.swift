extension LoginEvent {
    /// What is known of the event, as names and texts in a fixed order; what is not known is left out.
    var fields: [(name: String, value: String)] {
        let client = client
        let all: [(String, String?)] = [
            ("time", time.description),
            ("event", kind.rawValue),
            ("outcome", outcome.rawValue),
            ("reason", reason.isEmpty ? nil : reason),
            ("name", name),
            ("user_id", userID?.rawValue),
            ("provider", provider),
            ("session", sessionID?.description),
            ("token_hash", tokenHash?.description),
            ("door", client.map { "\($0.kind)" }),
            ("address", client?.address),
            ("user_agent", client?.userAgent),
            ("request_id", client?.requestID),
            ("count", count.map(String.init)),
            ("detail", detail.isEmpty ? nil : detail),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    /// The event as one line of JSON, without the end of line (RFC 8259).
    public var jsonLine: String {
        let members = fields.map { field in
            let value = field.name == "count" ? field.value : "\"\(EscapedText.escaped(field.value, as: .json))\""
            return "\"\(field.name)\":\(value)"
        }
        return "{\(members.joined(separator: ","))}"
    }
}
