// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building dsx resolves and builds no benchmark.
let package = Package(
  name: "dsx-benchmarks",
  dependencies: [.package(name: "dsx", path: "..")],
  targets: [
    .executableTarget(
      name: "dsx-bench",
      dependencies: [.product(name: "DSXRooms", package: "dsx")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
