// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of AuditKit: a module of its own, so that the compiler holds the direction of the data flow.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: "Audit\(name)", dependencies: dependencies, path: "Sources/AuditKit/\(name)",
    swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "AuditKit",
  products: [
    .library(name: "AuditKit", targets: ["AuditKit"]),
    .executable(name: "audit-cli", targets: ["audit-cli"]),
    .executable(name: "auditd", targets: ["auditd"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(
      name: "CGIF", pkgConfig: "libgif", providers: [.apt(["libgif-dev"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(
      name: "CLinearAlgebra",
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp"), .linkedLibrary("dl")]),
    .target(name: "CKernels"),
    .target(
      name: "NeuralKit", dependencies: ["CLinearAlgebra", "CKernels"], swiftSettings: strict),

    room("Settings"),
    room("Files", [.product(name: "Crypto", package: "swift-crypto")]),
    room("Dump", ["AuditFiles", "AuditSettings", "CZlib", "CZstd"]),
    room("Pixels", ["AuditFiles", "AuditSettings", "NeuralKit", "CPixels", "CZlib"]),
    room("Inspection", ["AuditDump", "AuditFiles", "AuditPixels", "NeuralKit"]),
    room("Words", ["AuditFiles", "AuditSettings", "NeuralKit", "CZlib"]),
    room("Encoders", ["AuditFiles", "AuditSettings", "NeuralKit"]),
    room(
      "Training",
      ["AuditPixels", "AuditWords", "AuditEncoders", "AuditRisk", "NeuralKit"]),
    room("Risk", ["NeuralKit"]),
    room("Evaluation", ["AuditRisk", "NeuralKit"]),
    room("Report", ["AuditDump", "AuditFiles", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "AuditKit",
      dependencies: [
        "AuditFiles", "AuditSettings", "AuditDump", "AuditPixels", "AuditWords", "AuditEncoders",
        "AuditTraining", "AuditRisk", "AuditEvaluation", "AuditReport", "NeuralKit",
      ],
      path: "Sources/AuditKit/Scan", swiftSettings: strict),
    room(
      "Lab",
      [
        "AuditKit", "AuditEvaluation", "AuditFiles", "AuditSettings", "AuditDump", "AuditPixels",
        "AuditWords", "AuditEncoders", "AuditReport", "AuditRisk", "AuditTraining", "NeuralKit",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    room(
      "HTTP",
      [
        "AuditSettings", "CZlib",
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ]),
    .target(
      name: "AuditService",
      dependencies: [
        "AuditKit", "AuditDump", "AuditEvaluation", "AuditFiles", "AuditHTTP", "AuditPixels",
        "AuditReport", "AuditRisk", "AuditSettings", "AuditTraining",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Sources/AuditKit/Service",
      resources: [.embedInCode("Dashboard"), .embedInCode("Schemas")], swiftSettings: strict),
    .target(name: "CPixels", dependencies: ["CJPEG", "CPNG", "CWebP", "CGIF"]),

    .executableTarget(
      name: "audit-cli",
      dependencies: [
        "AuditKit", "AuditFiles", "AuditInspection", "AuditLab", "AuditSettings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "auditd",
      dependencies: [
        "AuditService", "AuditSettings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "audit-benchmark",
      dependencies: [
        "AuditKit", "NeuralKit", "AuditDump", "AuditFiles", "AuditEncoders", "AuditPixels",
        "AuditWords", "AuditTraining", "AuditReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/Step", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["NeuralKit"], path: "Tests/Support", swiftSettings: strict
    ),
    tests("NeuralKit", ["NeuralKit", "CLinearAlgebra"]),
    tests("Settings", ["AuditSettings"]),
    tests("Files", ["AuditFiles", "TestSupport"]),
    tests("Dump", ["AuditDump", "AuditFiles", "TestSupport"]),
    tests("Pixels", ["AuditPixels", "AuditFiles", "NeuralKit", "CPixels", "TestSupport"]),
    tests("Inspection", ["AuditInspection", "AuditDump", "AuditPixels", "TestSupport"]),
    tests("Words", ["AuditWords", "NeuralKit", "TestSupport"]),
    tests(
      "HTTP",
      [
        "AuditHTTP", "TestSupport", .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ]),
    tests("Encoders", ["AuditEncoders", "NeuralKit", "TestSupport"]),
    tests(
      "Training",
      [
        "AuditTraining", "AuditFiles", "AuditPixels", "AuditWords", "AuditEncoders", "AuditRisk",
        "NeuralKit", "TestSupport",
      ]),
    tests(
      "Lab",
      [
        "AuditLab", "AuditKit", "AuditDump", "AuditFiles", "AuditPixels", "AuditWords",
        "AuditEncoders", "AuditReport", "AuditRisk", "AuditTraining", "NeuralKit", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "Daemon",
      [
        "auditd", "audit-cli", "AuditReport", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests("Evaluation", ["AuditEvaluation", "AuditRisk", "NeuralKit", "TestSupport"]),
    tests("Risk", ["AuditRisk", "NeuralKit", "TestSupport"]),
    tests("Benchmark", ["audit-benchmark", "AuditEncoders", "NeuralKit"]),
    tests(
      "Report",
      [
        "AuditReport", "AuditDump", "AuditFiles", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "Scan",
      [
        "AuditKit", "AuditEncoders", "AuditReport", "AuditTraining", "NeuralKit", "TestSupport",
      ]),
    tests(
      "Command",
      [
        "AuditKit", "AuditReport", "AuditRisk", "audit-cli", "TestSupport",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
