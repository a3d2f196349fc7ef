import Testing

/// The portal as people see it: every suite here runs in the same Chromium, one after the other.
@Suite(
    "In a real browser",
    .serialized,
    .enabled(if: Stage.obstacle == nil, "chromium, chromedriver, nginx or caddy is not installed"),
    .staged,
    .timeLimit(.minutes(10))
)
struct RealBrowser {}
