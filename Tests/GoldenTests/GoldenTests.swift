import DSXCore
import Foundation
import Testing

/// The golden suite: values that named reference tools made (README in each folder).
///
/// Walks `Tests/Fixtures/golden`, or with `DSX_GOLDEN=DIR` the folder DIR of the same layout (a
/// relative DIR counts from the package root). Fails on no case at all, and in the project's own
/// folder on fewer passed cases than `Tests/Fixtures/golden/COUNTS.json` records.
@Suite struct GoldenTests {
  /// One walker a folder. Add a line here for a new one.
  static let walkers: [(folder: String, walk: @Sendable (GoldenRun) throws -> Void)] = [
    ("prepare", ByteLevelGolden.walk),
    ("models", ModelsGolden.walk),
    ("models", ModelFormatsGolden.walk),
    ("models", ModelsSkipGolden.walk),
  ]

  @Test func golden() throws {
    let places = GoldenPlaces.current
    let counts =
      places.isOwn ? try JSONParser.parse(file: places.root + "/COUNTS.json") : .object([])
    var total = 0
    var lines: [String] = []
    for (name, walk) in Self.walkers {
      let folder = FilePath.join(places.root, name)
      guard FilePath.isFolder(folder) else {
        #expect(!places.isOwn, "the project's own folder \(name) is missing")
        lines.append("golden \(name): no such folder in \(places.root)")
        continue
      }
      let run = GoldenRun(folder: folder)
      try walk(run)
      for (kind, tally) in run.kinds.sorted(by: { $0.key < $1.key }) {
        total += tally.total
        var line = "golden \(name)/\(kind): \(tally.passed) passed, \(tally.failed.count) failed, "
        line += "\(tally.skipped.count) skipped"
        if !tally.skipped.isEmpty { line += " (\(tally.skipped.prefix(6).joined(separator: ", "))" }
        if tally.skipped.count > 6 { line += ", ..." }
        if !tally.skipped.isEmpty { line += ")" }
        lines.append(line)
        let recorded = counts["\(name)/\(kind)"]?.int ?? 0
        #expect(tally.passed >= recorded, "\(name)/\(kind): fewer than the recorded \(recorded)")
      }
    }
    print(lines.joined(separator: "\n"))
    #expect(total > 0, "no golden case was found in \(places.root)")
  }
}

/// Where golden cases, models, vocabularies and texts lie.
struct GoldenPlaces {
  let root: String
  let isOwn: Bool
  let package: String

  static let current: GoldenPlaces = {
    let package = FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder
    if let chosen = ProcessInfo.processInfo.environment["DSX_GOLDEN"], !chosen.isEmpty {
      return GoldenPlaces(root: FilePath.join(package, chosen), isOwn: false, package: package)
    }
    return GoldenPlaces(root: package + "/Tests/Fixtures/golden", isOwn: true, package: package)
  }()

  /// A model folder, vocabulary or text that a golden names: in the project by name, then in
  /// `ROOT/../ship`.
  func find(_ names: [String]) -> String? {
    for name in names {
      for base in [package, FilePath.split(root).folder + "/ship"] {
        let path = FilePath.join(base, name)
        if FilePath.exists(path) { return path }
      }
    }
    return nil
  }
}
