internal import EnterpriseAuth
public import HTTPTypes
public import Hummingbird

/// Lets members of groups pass; others who are logged in get 403, never a redirect.
///
/// Groups are those that the sources were last seen to give, at most `[active] recheck` ago. A person of whom no source
/// knows the groups is a member of none, and does not pass a guard with `none` either.
///
/// Names are compared, for the guard knows no directory: two groups of one name are one here, and one that does not exist
/// is not noticed. The rules of `[[portal.access]]` mean one entry each; decide by an `AccessPolicy` where that matters.
public struct GroupRequired<Context: LoginRequestContext>: RouterMiddleware {
    private let all: [String]
    private let any: [String]
    private let none: [String]
    private let loginView: String?
    private let exempt: Set<HTTPRequest.Method>

    /// Makes the guard; at least one list must name a group.
    /// - Parameters:
    ///   - all: A member of all of these, spelled as the source spells them,
    ///   - any: of at least one of these,
    ///   - none: and of none of these, however they are spelled in capitals and small letters.
    ///   - loginView: Where people log in; nil means the view of the group of routes or of the settings.
    ///   - exempt: The methods that pass without a login.
    public init(
        all: [String] = [],
        any: [String] = [],
        none: [String] = [],
        loginView: String? = nil,
        exempt: Set<HTTPRequest.Method> = [.options]
    ) {
        precondition(!(all + any + none).isEmpty, "a guard for groups names a group")
        self.all = all
        self.any = any
        self.none = none.map { $0.lowercased() }
        self.loginView = loginView
        self.exempt = exempt
    }

    /// Handles a request.
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Its context.
    ///   - next: What follows.
    /// - Returns: The answer of what follows, or the guard's.
    /// - Throws: What follows throws, or `LoginUnavailable`.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !exempt.contains(request.method) else { return try await next(request, context) }
        if let answer = try await context.login.obstacle(loginView: loginView) { return answer }
        let user = try await context.login.user()
        guard let groups = try await groups(of: user, context.login), isMember(groups) else {
            return Response(status: .forbidden)
        }
        return try await CurrentUser.$value.withValue(user) { try await next(request, context) }
    }

    /// The groups of the user; an application's own kind of user has those of its session.
    /// - Returns: Nil if nobody knows.
    private func groups(of user: any User, _ login: LoginContext) async throws -> [String]? {
        let person: DirectoryUser
        if let known = user as? DirectoryUser {
            person = known
        } else {
            guard let session = try await login.session(), session.userID == user.id else { return nil }
            person = session.directoryUser
        }
        // For whom the application vouches, no source was asked: no groups means that none were said.
        if case .application = person.identity.source, person.groups.isEmpty { return nil }
        return person.groups
    }

    private func isMember(_ groups: [String]) -> Bool {
        // By bytes: what Swift takes for equal strings can be two groups.
        let exact = Set(groups.map { Array($0.utf8) })
        let folded = Set(groups.map { $0.lowercased() })
        return none.allSatisfy { !folded.contains($0) }
            && all.allSatisfy { exact.contains(Array($0.utf8)) }
            && (any.isEmpty || any.contains { exact.contains(Array($0.utf8)) })
    }
}
