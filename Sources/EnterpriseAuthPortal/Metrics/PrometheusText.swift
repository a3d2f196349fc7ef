/// How names, values and lines are written in the exposition format.
enum PrometheusText {
    /// One sample.
    static func line(_ name: String, _ dimensions: [Dimension], _ value: String) -> String {
        let pairs = dimensions.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
        return dimensions.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs)} \(value)\n"
    }

    /// A name with every sign that names may not have replaced by an underscore.
    static func name(_ text: String) -> String {
        let signs = text.utf8.enumerated().map { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): byte
            case UInt8(ascii: "0")...UInt8(ascii: "9") where index > 0: byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: signs, as: UTF8.self)
    }

    /// A number; infinity as the format spells it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    /// A line of help.
    static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func escaped(_ value: String) -> String {
        help(value).replacing("\"", with: "\\\"")
    }
}
