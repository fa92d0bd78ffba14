// swift-tools-version: 6.2
import PackageDescription

// Every target is built alike: strict warnings, explicit imports. `NonisolatedNonsendingByDefault` stays off (swiftlang/swift#86083).
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Pango's own file for pkg-config passes on `-pthread`, which SwiftPM leaves out with a warning at every build. So CPango is found
    // through the file of HarfBuzz, with all that Pango is built on, and Pango's own folder is named here, for all who import PDF.
    .unsafeFlags(["-Xcc", "-I/usr/include/pango-1.0"]),
]

/// A module of the product at `Sources/<path>`.
func library(_ name: String, _ path: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(path)", exclude: [], swiftSettings: settings)
}

/// A step, or a few related ones, under `Sources/Services`. Services never import one another: they talk by messages.
func service(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    library(name, "Services/\(name)", dependencies)
}

/// A program: a main of a few lines under `Sources/Executables`.
func program(_ name: String, _ folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Sources/Executables/\(folder)", swiftSettings: settings)
}

/// A C library of the system: a module map and a shim, nothing else.
func system(_ name: String, pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

func tests(_ module: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(module)Tests", dependencies: [.target(name: module)] + dependencies, path: "Tests/\(module)Tests", swiftSettings: settings)
}

let package = Package(
    name: "purser",
    products: [
        .executable(name: "purser", targets: ["purser"]),
        .executable(name: "purser-meter", targets: ["purser-meter"]),
        .executable(name: "purser-billing", targets: ["purser-billing"]),
        .executable(name: "purser-paysim", targets: ["purser-paysim"]),
    ],
    targets: [
        // C libraries: each is imported by exactly one adapter.
        system("CRabbitMQ", pkgConfig: "librabbitmq", "librabbitmq-dev"),
        system("CLibssl", pkgConfig: "openssl", "libssl-dev"),
        system("CPostgreSQL", pkgConfig: "libpq", "libpq-dev"),
        system("CLibcrypto", pkgConfig: "libcrypto", "libssl-dev"),
        system("CLibcurl", pkgConfig: "libcurl", "libcurl4-openssl-dev"),
        system("CCairo", pkgConfig: "cairo", "libcairo2-dev"),
        system("CPango", pkgConfig: "harfbuzz-gobject", "libpango1.0-dev"),
        system("CLibmicrohttpd", pkgConfig: "libmicrohttpd", "libmicrohttpd-dev"),

        // Core
        library("Domain", "Core/Domain"),
        library("Messages", "Core/Messages", ["Domain"]),
        library("Telemetry", "Core/Telemetry"),

        // Adapters: generic, they know nothing of Purser; Documents and Store are ours.
        library("AMQP", "Adapters/AMQP", ["CRabbitMQ", "CLibssl", "Telemetry"]),
        library("Postgres", "Adapters/Postgres", ["CPostgreSQL", "Telemetry"]),
        library("Crypto", "Adapters/Crypto", ["CLibcrypto"]),
        library("HTTP", "Adapters/HTTP", ["CLibcurl", "CLibmicrohttpd", "Telemetry"]),
        library("Payments", "Adapters/Payments", ["Domain", "Messages", "HTTP", "Crypto"]),
        library("PDF", "Adapters/PDF", ["CCairo", "CPango"]),
        library("Documents", "Adapters/Documents", ["Domain", "PDF"]),
        library("Store", "Adapters/Store", ["Domain", "Postgres", "Crypto", "Telemetry"]),

        library("Runtime", "Runtime", ["Domain", "Messages", "AMQP", "Postgres", "Store", "Telemetry"]),

        service("Metering", ["Domain", "Messages", "Store", "Runtime", "Telemetry", "AMQP", "Postgres"]),
        service("Billing", ["Domain", "Messages", "Store", "Payments", "Crypto", "Runtime", "Telemetry", "AMQP", "Postgres"]),
        service("Simulator", ["Messages", "Runtime", "Telemetry", "HTTP", "Crypto"]),
        service("Operator", ["Domain", "Messages", "Store", "Runtime", "Telemetry", "AMQP", "Postgres", "HTTP", "Crypto"]),

        program("purser-meter", "meter", ["Metering", "Runtime"]),
        program("purser-billing", "billing", ["Billing", "Runtime"]),
        program("purser-paysim", "paysim", ["Simulator", "Runtime"]),
        program("purser", "purser", ["Operator", "Runtime"]),

        library(
            "PurserTesting", "Testing",
            ["Domain", "Messages", "AMQP", "HTTP", "Postgres", "Store", "Runtime", "Simulator", "Telemetry"]),

        tests("Domain"),
        tests("Messages"),
        tests("Telemetry"),
        tests("AMQP", ["PurserTesting"]),
        tests("Postgres", ["PurserTesting"]),
        tests("Crypto"),
        tests("HTTP"),
        tests("Payments", ["PurserTesting", "Domain", "Messages", "Crypto", "HTTP"]),
        tests("PDF", ["PurserTesting"]),
        tests("Documents", ["PurserTesting", "Domain"]),
        tests("Store", ["PurserTesting", "Domain", "Postgres"]),
        tests("Runtime", ["PurserTesting", "AMQP", "HTTP", "Messages", "Store", "Postgres", "Domain", "Telemetry"]),
        tests("Metering", ["PurserTesting", "AMQP", "Messages", "Store", "Postgres", "Domain", "Runtime"]),
        tests(
            "Billing",
            ["PurserTesting", "AMQP", "Crypto", "Documents", "Domain", "HTTP", "Messages", "Postgres", "Runtime", "Store", "Telemetry"]),
        tests("Simulator", ["Crypto", "HTTP", "Messages", "Runtime", "Telemetry"]),
        tests("Operator", ["PurserTesting", "AMQP", "Crypto", "Messages", "Store", "Postgres", "Domain", "Runtime", "HTTP"]),
        .testTarget(name: "StyleTests", path: "Tests/StyleTests", swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
