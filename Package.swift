// swift-tools-version: 6.2
import PackageDescription

// One settings list for every Swift target, so that none drifts. Strict memory safety with warnings as errors keeps
// unsafe code inside the wrapper targets: elsewhere the build stops at the first call that would need `unsafe`.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "enterprise-auth",
    products: [
        .library(name: "EnterpriseAuth", targets: ["EnterpriseAuth"]),
        .library(name: "EnterpriseAuthHummingbird", targets: ["EnterpriseAuthHummingbird"]),
        .library(name: "EnterpriseAuthPortal", targets: ["EnterpriseAuthPortal"]),
        .library(name: "EnterpriseAuthSQLite", targets: ["EnterpriseAuthSQLite"]),
        .library(name: "EnterpriseAuthTesting", targets: ["EnterpriseAuthTesting"]),
        .library(name: "HostSystem", targets: ["HostSystem"]),
        .library(name: "LDAPClient", targets: ["LDAPClient"]),
        .library(name: "PAMClient", targets: ["PAMClient"]),
        .executable(name: "ent-login", targets: ["ent-login"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.24.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // C edges: what Swift cannot say about libpam, libldap, toml++, libc and libcrypto.
        .target(name: "CPAMShim", linkerSettings: [.linkedLibrary("pam")]),
        .target(name: "CLDAPShim", linkerSettings: [.linkedLibrary("ldap"), .linkedLibrary("lber")]),
        .target(name: "CTOMLShim", cxxSettings: [.define("NDEBUG")], linkerSettings: [.linkedLibrary("stdc++")]),
        .target(name: "CHostShim", linkerSettings: [.linkedLibrary("cares")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Swift over each C edge; the only places where `unsafe` may stand.
        .target(name: "HostSystem", dependencies: ["CHostShim"], swiftSettings: swiftSettings),
        .target(name: "HostCrypto", dependencies: ["COpenSSL", "HostSystem"], swiftSettings: swiftSettings),
        .target(name: "TOMLReader", dependencies: ["CTOMLShim"], swiftSettings: swiftSettings),
        .target(name: "LDAPClient", dependencies: ["CLDAPShim", "HostSystem"], swiftSettings: swiftSettings),
        .target(name: "PAMClient", dependencies: ["CPAMShim", "HostSystem"], swiftSettings: swiftSettings),

        // The core and what plugs into it.
        .target(
            name: "EnterpriseAuth",
            dependencies: ["HostSystem", "HostCrypto", "TOMLReader", "LDAPClient", "PAMClient", logging, metrics],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "EnterpriseAuthSQLite",
            dependencies: ["EnterpriseAuth", "HostCrypto", "HostSystem", grdb],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "EnterpriseAuthHummingbird",
            dependencies: ["EnterpriseAuth", "HostSystem", "HostCrypto", hummingbird, httpTypes, nioCore, logging],
            swiftSettings: swiftSettings
        ),
        // The portal: pages are a target of their own, because templates need the whole of Foundation.
        .target(
            name: "PortalPages",
            dependencies: ["TOMLReader", mustache],
            resources: [.embedInCode("Templates"), .embedInCode("Style"), .embedInCode("Translations")],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "EnterpriseAuthPortal",
            dependencies: [
                "EnterpriseAuth", "EnterpriseAuthHummingbird", "HostSystem", "HostCrypto", "PortalPages", hummingbird,
                hummingbirdCore, httpTypes, lifecycle, nioCore, nioHTTP1, nioHTTPTypes, nioPosix, nioSSL, logging,
                coreMetrics,
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "LocalSocket",
            dependencies: ["EnterpriseAuth", "HostSystem", logging],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "EnterpriseAuthTesting",
            dependencies: ["EnterpriseAuth", "HostSystem"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "ent-login",
            dependencies: [
                "EnterpriseAuth", "EnterpriseAuthPortal", "EnterpriseAuthSQLite", "HostSystem", "LocalSocket",
                "PAMClient",
                argumentParser, lifecycle, unixSignals, logging, metrics,
            ],
            swiftSettings: swiftSettings
        ),

        // What the documentation shows, compiled.
        .executableTarget(
            name: "getting-started",
            dependencies: ["EnterpriseAuth", "EnterpriseAuthSQLite", "HostSystem", "PAMClient", logging],
            path: "Examples/GettingStarted",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "custom-provider",
            dependencies: ["EnterpriseAuth", "EnterpriseAuthTesting", "HostSystem"],
            path: "Examples/CustomProvider",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "hello-web",
            dependencies: [
                "EnterpriseAuth", "EnterpriseAuthHummingbird", "HostSystem", "PAMClient", hummingbird, httpTypes,
            ],
            path: "Examples/HelloWeb",
            swiftSettings: swiftSettings
        ),
        // Flask-Login's test fixture, for its suites and ours.
        .executableTarget(
            name: "conformance-app",
            dependencies: [
                "EnterpriseAuthHummingbird", "EnterpriseAuth", "EnterpriseAuthTesting", "HostSystem", hummingbird,
                httpTypes,
            ],
            path: "Examples/ConformanceApp",
            swiftSettings: swiftSettings
        ),

        // Tests. `TestBed` starts the real parts (slapd, PAM stacks, broken servers) that the suites talk to.
        .target(name: "CTestBed", path: "Tests/CTestBed"),
        .target(name: "TestBed", dependencies: ["CTestBed"], path: "Tests/TestBed", swiftSettings: swiftSettings),
        // A browser's side of the portal, and the portal with everything around it.
        .target(
            name: "TestWeb",
            dependencies: ["TestBed", nioCore, nioPosix, nioSSL],
            path: "Tests/TestWeb",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "mixed-load",
            dependencies: ["TestBed", "TestWeb", "ent-login", argumentParser],
            path: "Tests/MixedLoad",
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "TestBedTests", dependencies: ["TestBed"], swiftSettings: swiftSettings),
        .testTarget(name: "HostSystemTests", dependencies: ["HostSystem", "TestBed"], swiftSettings: swiftSettings),
        .testTarget(name: "HostCryptoTests", dependencies: ["HostCrypto", "HostSystem"], swiftSettings: swiftSettings),
        .testTarget(name: "TOMLReaderTests", dependencies: ["TOMLReader"], swiftSettings: swiftSettings),
        .testTarget(
            name: "LDAPClientTests",
            dependencies: ["LDAPClient", "HostSystem", "TestBed"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "PAMClientTests",
            dependencies: ["PAMClient", "HostSystem", "TestBed"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EnterpriseAuthTests",
            dependencies: [
                "EnterpriseAuth", "EnterpriseAuthTesting", "HostSystem", "HostCrypto", "LDAPClient", "PAMClient",
                "TestBed", "ent-login", "getting-started", "custom-provider", logging,
            ],
            swiftSettings: swiftSettings
        ),
        // A process for the store's tests to kill.
        .executableTarget(
            name: "StoreCrashHelper",
            dependencies: ["EnterpriseAuth", "EnterpriseAuthSQLite", "EnterpriseAuthTesting", logging],
            path: "Tests/StoreCrashHelper",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EnterpriseAuthSQLiteTests",
            dependencies: [
                "EnterpriseAuthSQLite", "EnterpriseAuth", "EnterpriseAuthTesting", "HostSystem", "StoreCrashHelper",
                "TestBed", logging,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EnterpriseAuthHummingbirdTests",
            dependencies: [
                "EnterpriseAuthHummingbird", "EnterpriseAuth", "EnterpriseAuthTesting", "HostSystem", "TestBed",
                "conformance-app", hummingbird, hummingbirdTesting, httpTypes, nioCore, logging,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "PortalPagesTests",
            dependencies: ["PortalPages", "TOMLReader"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EnterpriseAuthPortalTests",
            dependencies: [
                "EnterpriseAuthPortal", "EnterpriseAuthHummingbird", "EnterpriseAuth", "EnterpriseAuthTesting",
                "HostSystem", "TestBed", hummingbird, httpTypes, nioCore, nioEmbedded, nioHTTPTypes, logging, metrics,
                coreMetrics,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "LocalSocketTests",
            dependencies: ["LocalSocket", "EnterpriseAuth", "EnterpriseAuthTesting", "HostSystem", "TestBed", logging],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "EnterpriseAuth", "EnterpriseAuthSQLite", "EnterpriseAuthTesting", "HostSystem", "LDAPClient",
                "PAMClient", "TestBed", logging,
            ],
            swiftSettings: swiftSettings
        ),
        // The recipes of config/proxies in the servers that they are for.
        .testTarget(
            name: "ProxyTests",
            dependencies: ["TestBed", "TestWeb", "ent-login"],
            swiftSettings: swiftSettings
        ),
        // The portal as a process of its own: begin, reload, slow clients, its own TLS, the service manager, end.
        .testTarget(
            name: "PortalServiceTests",
            dependencies: ["TestBed", "TestWeb", "ent-login", nioCore, nioPosix],
            swiftSettings: swiftSettings
        ),
        // The portal in Chromium.
        .testTarget(
            name: "BrowserTests",
            dependencies: ["TestBed", "TestWeb", "ent-login"],
            exclude: ["Support/page-checks.js"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EntLoginTests",
            dependencies: [
                "ent-login", "EnterpriseAuth", "EnterpriseAuthSQLite", "EnterpriseAuthTesting", "HostSystem",
                "LocalSocket", "TestBed", logging,
            ],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
