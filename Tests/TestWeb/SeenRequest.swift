internal import Foundation
internal import TestBed

/// A request as the application has seen it.
package struct SeenRequest: Decodable {
    package let method: String
    package let target: String
    package let length: Int
    private let headers: [[String]]

    /// Reads what the application has answered.
    package init(_ answer: WebAnswer) throws {
        guard answer.isOfApplication else { throw TestBedError("this is not from the application: \(answer)") }
        self = try JSONDecoder().decode(SeenRequest.self, from: Data(answer.body.utf8))
    }

    /// The values of a header in the spelling given, whatever its case.
    package subscript(name: String) -> [String] {
        headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
    }

    /// The values that a program sees which takes `_` and `.` in names for `-`, as CGI, WSGI and PHP do; empty ones left
    /// out.
    package func folded(_ name: String) -> [String] {
        headers.filter { header in
            header[0].lowercased().replacing("_", with: "-").replacing(".", with: "-") == name.lowercased()
        }
        .map { $0[1] }.filter { !$0.isEmpty }
    }
}
