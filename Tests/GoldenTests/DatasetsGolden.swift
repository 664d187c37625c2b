import DSXCore

/// The cases of `datasets/MANIFEST.json` but the archives (`ArchivesGolden`) and images (`ImagesGolden`). None is checked yet: the
/// loaders of CSV, images and whole descriptors come with the dataset layer, so each case is counted as skipped under its kind.
enum DatasetsGolden {
  @Sendable static func walk(_ run: GoldenRun) throws {
    for entry in try run.json("MANIFEST.json").array ?? [] {
      let kind = entry["kind"]?.string ?? "unknown"
      if !["archive", "image", "csv", "descriptor"].contains(kind) {
        run.skip(kind, entry["file"]?.string ?? entry.text())
      }
    }
  }
}
