import DSXCore

/// The cases of `datasets/MANIFEST.json` of kinds that no other walker takes: each is counted as skipped.
enum DatasetsGolden {
  private static let known = ["archive", "csv", "image"]

  @Sendable static func walk(_ run: GoldenRun) throws {
    for entry in try run.json("MANIFEST.json").array ?? [] {
      let kind = entry["kind"]?.string ?? "unknown"
      if !known.contains(kind) { run.skip(kind, entry["file"]?.string ?? entry.text()) }
    }
  }
}
