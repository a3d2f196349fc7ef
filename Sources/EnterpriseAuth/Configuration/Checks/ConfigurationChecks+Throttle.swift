extension ConfigurationChecks {
    func checkThrottle(_ context: inout DecodingContext) {
        let throttle = configuration.throttle
        guard throttle.enabled else {
            let message = "nothing here slows guessing down: the directory's own lock-out is the only brake"
            context.warn("throttle.enabled", message, fix: "write true unless something else counts the guesses")
            return
        }
        if throttle.firstWait > throttle.longestWait, !context.isFaulty("throttle") {
            let path = context.isGiven("throttle.first_wait") ? "throttle.first_wait" : "throttle.longest_wait"
            let message = "throttle.first_wait is longer than throttle.longest_wait"
            context.error(path, message, fix: "make the longest wait longer")
        }
        if throttle.forget < throttle.longestWait, !context.isFaulty("throttle") {
            let path = context.isGiven("throttle.forget") ? "throttle.forget" : "throttle.longest_wait"
            let message = "guesses are forgotten before throttle.longest_wait is over, so no wait gets that long"
            context.warn(path, message, fix: "make throttle.forget longer")
        }
    }
}
