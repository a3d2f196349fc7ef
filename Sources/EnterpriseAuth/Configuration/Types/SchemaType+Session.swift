extension SchemaType<SessionConfiguration.Store> {
    static var sessionStore: SchemaType {
        .text("store", range: "\"memory\" or \"sqlite:PATH\"", example: "\"memory\"") { text throws(ValueMistake) in
            if text == "memory" { return .memory }
            let prefix = "sqlite:"
            guard text.hasPrefix(prefix + "/"), !text.utf8.contains(0) else {
                let fix = "write \"memory\" or \"sqlite:/var/lib/ent-login/sessions.sqlite\", with an absolute path"
                throw ValueMistake("\(TOMLText.shown(text)) is not a store", fix: fix)
            }
            return .sqlite(path: String(text.dropFirst(prefix.count)))
        } text: {
            switch $0 {
            case .memory: "memory"
            case .sqlite(let path): "sqlite:\(path)"
            }
        }
    }
}

extension SchemaType<String> {
    /// A cookie's name: a token of RFC 9110, section 5.6.2.
    static var cookieName: SchemaType {
        .string("cookie name", example: "__Host-ent_login") { text in
            let isToken = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !separators.contains($0) }
            return isToken ? nil : "cannot be a cookie's name"
        }
    }

    /// A method of HTTP, in capitals as it travels.
    static var method: SchemaType {
        .string("method", example: "GET") { text in
            let isMethod = !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
            return isMethod ? nil : "is not a method in capitals"
        }
    }

    /// The beginning of a path that means one thing only, to the proxy and to the application behind it.
    static var pathPrefix: SchemaType {
        .string("path prefix", example: "/docs") { text in
            if !text.hasPrefix("/") { return "does not begin with /" }
            let segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            let isPlain = !text.contains("//") && !segments.contains(".") && !segments.contains("..")
            let hasSigns = text.unicodeScalars.contains { "%?#;\\".unicodeScalars.contains($0) || $0.value <= 0x20 }
            return isPlain && !hasSigns ? nil : "must be a plain path, without escapes, dots, parameters or //"
        }
    }
}

private let separators = Set("()<>@,;:\\\"/[]?={}".utf8)
