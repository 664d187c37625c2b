// swift-tools-version: 6.2
import PackageDescription

// A package of its own: its programs have no `main`, which libFuzzer brings (see README.md).
let package = Package(
  name: "dsx-fuzz",
  dependencies: [.package(name: "dsx", path: "..")],
  targets: [
    .executableTarget(
      name: "record-fuzz",
      dependencies: [.product(name: "DSXRooms", package: "dsx")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "input-fuzz",
      dependencies: [.product(name: "DSXRooms", package: "dsx")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "weight-fuzz",
      dependencies: [.product(name: "DSXRooms", package: "dsx")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
