// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building dsx resolves and builds no benchmark.
let package = Package(
  name: "dsx-benchmarks",
  dependencies: [.package(name: "dsx", path: "..")],
  targets: [
    // What the machine's matrix products reach, beside what the engine makes of them.
    .systemLibrary(name: "CBenchBLAS", pkgConfig: "openblas"),
    .executableTarget(
      name: "dsx-bench",
      dependencies: [.product(name: "DSXRooms", package: "dsx"), "CBenchBLAS"],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
