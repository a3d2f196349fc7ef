/// What both sides of the local socket have agreed on; `docs/local-socket.md` is its description.
public enum LocalProtocol {
    /// The version of the messages: it changes when a program that knows the one before would misread them.
    public static let version = 1

    /// The most bytes of a request.
    public static let requestLimit = 65_536

    /// The most bytes of an answer.
    public static let answerLimit = 1_048_576

    /// How many elements one part of a list has at most.
    static let pageCount = 200
}
