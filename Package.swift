// swift-tools-version: 6.2
import PackageDescription

/// One set of flags for every Swift room: explicit import access, warnings are errors.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

/// `DSX_OPTIMISED=1 swift test` optimises the rooms, each as a whole, and not their tests: for the address
/// sanitizer, under which plain code is ten times slower.
let optimised: [SwiftSetting] = [
  .unsafeFlags(["-O", "-wmo", "-num-threads", "2", "-gline-tables-only"])
]
let roomSettings = settings + (Context.environment["DSX_OPTIMISED"] == nil ? [] : optimised)

/// A Swift room. Every room may import DSXCore; other arrows are named (docs/architecture.md).
func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
  -> Target
{
  .target(
    name: name, dependencies: ["DSXCore"] + dependencies, resources: resources,
    swiftSettings: roomSettings)
}

/// The tests of one room.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: ["DSXCore"] + dependencies, swiftSettings: settings)
}

/// `DSX_TESTS=MetricsTests,GoldenTests swift test` builds these test targets and what they need: quicker while
/// one room is being worked on.
let chosenTests = Context.environment["DSX_TESTS"].flatMap { text in
  let names = text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
  return names.isEmpty ? nil : names
}

/// The targets of `all` that the chosen tests need, or all.
func needed(_ all: [Target]) -> [Target] {
  guard var names = chosenTests else { return all }
  var index = 0
  while index < names.count {
    guard let target = all.first(where: { $0.name == names[index] }) else {
      fatalError("DSX_TESTS: there is no target '\(names[index])'")
    }
    for dependency in target.dependencies {
      guard case .byNameItem(let name, _) = dependency, !names.contains(name) else { continue }
      names.append(name)
    }
    index += 1
  }
  return all.filter { names.contains($0.name) }
}

let package = Package(
  name: "dsx",
  products: chosenTests != nil
    ? []
    : [
      .executable(name: "dsx", targets: ["dsx"]),
      // The rooms that Benchmarks/ and Fuzz/ build upon.
      .library(
        name: "DSXRooms",
        targets: [
          "DSXCore", "Jieba", "Text", "Records", "Archives", "Images", "Models", "Metrics",
          "Pipelines", "Jobs",
          "Datasets", "Preparation", "Evaluation",
        ]),
    ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: needed([
    // C rooms: module maps and shims over Debian's libraries, and the few loops that need C.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CCSV", providers: [.apt(["libcsv-dev"])]),
    .target(name: "Kernels", cSettings: [.unsafeFlags(["-O3"])]),

    .target(name: "DSXCore", swiftSettings: roomSettings),
    room("Jieba", resources: [.copy("Resources")]),
    room("Text", ["Jieba"], resources: [.copy("Resources")]),
    room("Records", ["CSQLite", "Kernels"]),
    room("Archives", ["CArchive", "CDeflate", "CZlib"]),
    room("Images", ["CTurboJPEG", "CDeflate", "Kernels"]),
    room("Settings", [.product(name: "Yams", package: "Yams")]),
    room("Pipelines"),
    room("Jobs", ["Kernels"]),
    room("Reports"),
    room("Metrics", ["Jieba", "Kernels"]),
    room("Models", ["Text", "Images", "Archives", "COpenBLAS", "Kernels"]),
    room(
      "Datasets",
      [
        "Records", "Archives", "Images", "Pipelines", "Jobs", "Reports", "Settings", "CCSV",
        "Kernels",
      ]),
    room(
      "Preparation",
      ["Archives", "Text", "Pipelines", "Records", "Jobs", "Reports", "CCSV", "Kernels"]),
    room(
      "Evaluation",
      [
        "Datasets", "Models", "Metrics", "Pipelines", "Text", "Jieba", "Jobs", "Reports",
        "Settings", "Records", "Images", "CSQLite",
      ]),
    .executableTarget(
      name: "dsx",
      dependencies: [
        "DSXCore", "Jieba", "Text", "Records", "Pipelines", "Jobs", "Reports", "Metrics", "Models",
        "Datasets", "Preparation", "Evaluation", "Archives", "Images", "Settings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: roomSettings),

    tests("DSXCoreTests", []),
    tests("JiebaTests", ["Jieba"]),
    tests("TextTests", ["Text", "Jieba"]),
    tests("RecordsTests", ["Records", "Kernels"]),
    tests("ArchivesTests", ["Archives", "CArchive", "CDeflate"]),
    tests("ImagesTests", ["Images", "CPNG", "CTurboJPEG", "Kernels"]),
    tests("SettingsTests", ["Settings"]),
    tests("PipelinesTests", ["Pipelines"]),
    tests("JobsTests", ["Jobs", "Kernels"]),
    tests("ReportsTests", ["Reports"]),
    tests("MetricsTests", ["Metrics"]),
    tests("ModelsTests", ["Models", "Text", "Kernels"]),
    tests(
      "DatasetsTests",
      ["Datasets", "Archives", "Images", "Pipelines", "Records", "Jobs", "Kernels", "CCSV"]),
    tests("PreparationTests", ["Preparation", "Archives", "Text", "Records"]),
    tests(
      "EvaluationTests",
      ["Evaluation", "Datasets", "Models", "Metrics", "Records", "Reports", "Images"]),
    // Values that named reference tools made; DSX_GOLDEN=DIR walks another folder.
    tests(
      "GoldenTests",
      [
        "Archives", "Images", "Jieba", "Text", "Records", "Models", "Metrics", "Pipelines",
        "Datasets", "Preparation", "Evaluation", "Kernels",
      ]),
    // The binary from outside: Tests/Cases/*.case, and the pages of docs/ against it.
    tests("EndToEndTests", ["dsx", "Metrics", "record-probe"]),
    // Writes a record set that RecordKillTests kills again and again.
    .executableTarget(
      name: "record-probe", dependencies: ["DSXCore", "Records"], path: "Tests/RecordProbe",
      swiftSettings: settings),
  ]),
  swiftLanguageModes: [.v6]
)
