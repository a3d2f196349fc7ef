// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of the library never fetch or build it. Each program prints ratios that were
// measured in one run; `Benchmarks/run` starts a directory and then the programs in turn.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let enterpriseAuth = Target.Dependency.product(name: "EnterpriseAuth", package: "enterprise-auth")
let ldapClient = Target.Dependency.product(name: "LDAPClient", package: "enterprise-auth")
let hostSystem = Target.Dependency.product(name: "HostSystem", package: "enterprise-auth")
let portal: [Target.Dependency] = [
    .product(name: "EnterpriseAuthPortal", package: "enterprise-auth"),
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func program(_ name: String, _ folder: String, _ more: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["BenchmarkSupport", enterpriseAuth, hostSystem, argumentParser] + more,
        path: "Sources/\(folder)",
        swiftSettings: swiftSettings
    )
}

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "enterprise-auth", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        .target(name: "CLoginReference", linkerSettings: [.linkedLibrary("ldap"), .linkedLibrary("lber")]),
        .target(
            name: "BenchmarkSupport",
            dependencies: [enterpriseAuth, hostSystem, ldapClient],
            swiftSettings: swiftSettings
        ),
        program("login-benchmark", "LoginBenchmark", ["CLoginReference", ldapClient]),
        program("session-benchmark", "SessionBenchmark"),
        program("recheck-benchmark", "RecheckBenchmark"),
        program("refusal-benchmark", "RefusalBenchmark"),
        program("portal-benchmark", "PortalBenchmark", portal),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
