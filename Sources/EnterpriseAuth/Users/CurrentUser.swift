/// The person on whose behalf the current task runs; the counterpart of Flask-Login's `current_user`.
public enum CurrentUser {
    /// The person that a door bound with `$value.withValue(…)`, and outside of any door nobody.
    @TaskLocal public static var value: any User = AnonymousUser()
}
