/// How much may happen at the same time in a pool of PAM workers.
struct PAMWorkerLimits: Sendable {
    /// How many transactions run at the same time.
    var workers = 4

    /// How many more may wait for their turn.
    var queue = 64

    /// After how many transactions a worker is replaced, because modules leak.
    var transactionsPerWorker = 100

    /// How many conversations may wait for a person at the same time, each with a worker of its own.
    var parked = 32

    /// How many of these may be of one user name: who floods a name with logins hurts that name only.
    var parkedPerName = 3

    /// How long one may wait.
    var parkedLifetime: Duration = .seconds(120)
}
