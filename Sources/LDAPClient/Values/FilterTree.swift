/// A piece of a value in a template: bytes that stand there, or a named gap.
enum TemplatePiece: Sendable, Hashable {
    case bytes([UInt8])
    case placeholder(String)
}

/// A filter whose values may have gaps; what ``FilterParser`` makes of a text.
indirect enum FilterTree: Sendable, Hashable {
    enum Comparison: Sendable, Hashable {
        case equal, greaterOrEqual, lessOrEqual, approximate
    }

    case and([FilterTree])
    case or([FilterTree])
    case not(FilterTree)
    case present(LDAPAttributeName)
    case compare(LDAPAttributeName, Comparison, [TemplatePiece])
    /// The pieces between the stars; the first and the last may be empty.
    case substrings(LDAPAttributeName, [[TemplatePiece]])
    case extensible(LDAPAttributeName?, LDAPAttributeName?, inName: Bool, [TemplatePiece])

    /// The filter with every gap filled by `value`.
    func filter(
        _ value: (String) throws(LDAPSyntaxError) -> [UInt8]
    ) throws(LDAPSyntaxError) -> LDAPFilter {
        switch self {
        case .and(let parts): return .and(try FilterTree.filters(parts, value))
        case .or(let parts): return .or(try FilterTree.filters(parts, value))
        case .not(let part): return .not(try part.filter(value))
        case .present(let attribute): return .present(attribute)
        case .compare(let attribute, let comparison, let pieces):
            let bytes = try FilterTree.bytes(pieces, value)
            switch comparison {
            case .equal: return .equal(attribute, value: bytes)
            case .greaterOrEqual: return .greaterOrEqual(attribute, value: bytes)
            case .lessOrEqual: return .lessOrEqual(attribute, value: bytes)
            case .approximate: return .approximate(attribute, value: bytes)
            }
        case .substrings(let attribute, let parts):
            var filled: [[UInt8]] = []
            for part in parts {
                filled.append(try FilterTree.bytes(part, value))
            }
            return FilterTree.substrings(attribute, filled)
        case .extensible(let attribute, let rule, let inName, let pieces):
            let bytes = try FilterTree.bytes(pieces, value)
            return .extensible(attribute: attribute, rule: rule, inName: inName, value: bytes)
        }
    }

    /// The names of all gaps.
    var placeholders: Set<String> {
        switch self {
        case .and(let parts), .or(let parts): Set(parts.flatMap(\.placeholders))
        case .not(let part): part.placeholders
        case .present: []
        case .compare(_, _, let pieces), .extensible(_, _, _, let pieces): TemplatePiece.names(pieces)
        case .substrings(_, let parts): Set(parts.flatMap(TemplatePiece.names))
        }
    }

    private static func filters(
        _ parts: [FilterTree],
        _ value: (String) throws(LDAPSyntaxError) -> [UInt8]
    ) throws(LDAPSyntaxError) -> [LDAPFilter] {
        var result: [LDAPFilter] = []
        for part in parts {
            result.append(try part.filter(value))
        }
        return result
    }

    /// An empty piece between two stars would say nothing, and the C library does not take it.
    private static func substrings(_ attribute: LDAPAttributeName, _ parts: [[UInt8]]) -> LDAPFilter {
        let initial = parts.first.flatMap { $0.isEmpty ? nil : $0 }
        let final = parts.count > 1 ? parts.last.flatMap { $0.isEmpty ? nil : $0 } : nil
        let any = parts.dropFirst().dropLast().filter { !$0.isEmpty }
        guard initial != nil || final != nil || !any.isEmpty else { return .present(attribute) }
        return .substrings(attribute, initial: initial, any: any, final: final)
    }

    private static func bytes(
        _ pieces: [TemplatePiece],
        _ value: (String) throws(LDAPSyntaxError) -> [UInt8]
    ) throws(LDAPSyntaxError) -> [UInt8] {
        var result: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): result += bytes
            case .placeholder(let name): result += try value(name)
            }
        }
        return result
    }
}

extension TemplatePiece {
    static func names(_ pieces: [TemplatePiece]) -> Set<String> {
        Set(
            pieces.compactMap { piece in
                if case .placeholder(let name) = piece { name } else { nil }
            }
        )
    }
}
