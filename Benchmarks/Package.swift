// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building dsx does not build or resolve this.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "dsx", path: "..")],
  targets: [
    .executableTarget(
      name: "dsx-bench",
      dependencies: [.product(name: "DSXRooms", package: "dsx")],
      swiftSettings: [
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .treatAllWarnings(as: .error),
      ])
  ],
  swiftLanguageModes: [.v6]
)
