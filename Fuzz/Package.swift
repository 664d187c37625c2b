// swift-tools-version: 6.2
import PackageDescription

// A package of its own: its program has no `main`, which libFuzzer brings (see README.md).
//
// All targets are in one program, so that the rooms are built and linked once; the environment variable
// DSX_FUZZ_TARGET chooses one when the program starts.
let package = Package(
  name: "dsx-fuzz",
  dependencies: [.package(name: "dsx", path: "..")],
  targets: [
    .target(name: "MappedTail"),
    .executableTarget(
      name: "dsx-fuzz",
      dependencies: ["MappedTail", .product(name: "DSXRooms", package: "dsx")],
      swiftSettings: [.treatAllWarnings(as: .error)],
      // What Swift calls goes through MappedTail, so that a read behind a mapped file's end is a find.
      linkerSettings: [
        .unsafeFlags(["-Xlinker", "--wrap=mmap", "-Xlinker", "--wrap=munmap"])
      ]),
  ],
  swiftLanguageModes: [.v6]
)
