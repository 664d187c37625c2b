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
    ("prepare", JiebaGolden.walk),
    ("prepare", JiebaUserDictionaryGolden.walk),
    ("prepare", SentencePieceGolden.walk),
    ("prepare", HuggingFaceGolden.walk),
    ("tokenizers", HuggingFaceGolden.walkMade),
    ("prepare", PanguPipelineGolden.walk),
    ("prepare", DSX16kGolden.walk),
    ("prepare", PromptTasksGolden.walk),
    ("prepare", PrepareSkipGolden.walk),
    ("sentencepiece", SentencePieceGolden.walkMade),
    ("models", ModelsGolden.walk),
    ("models", ModelFormatsGolden.walk),
    ("models", PackageModelsGolden.walk),
    ("models", EvaluationGolden.walk),
    ("models", TextGenerationGolden.walk),
    ("models", ClassifiersGolden.walk),
    ("models", EncoderGolden.walk),
    ("models", PanguTasksGolden.walk),
    ("models", ModelsSkipGolden.walk),
    ("mindrecord", MindRecordGolden.walk),
    ("metrics", MetricsGolden.walk),
    ("datasets", DatasetsGolden.walk),
    ("datasets", DescriptorGolden.walk),
    ("datasets", ArchivesGolden.walk),
    ("datasets", CSVGolden.walk),
    ("datasets", ImagesGolden.walk),
    ("datasets", ImagesGolden.walkMade),
  ]

  @Test func golden() async throws {
    let places = GoldenPlaces.current
    // The walkers share nothing: each has a run of its own, and the tallies are added in their order.
    let runs = try await withThrowingTaskGroup(
      of: (Int, [String: GoldenRun.Tally]).self
    ) { group in
      for (number, (name, walk)) in Self.walkers.enumerated() {
        group.addTask { (number, try Self.tallies(of: name, walk, places)) }
      }
      var runs = [[String: GoldenRun.Tally]](repeating: [:], count: Self.walkers.count)
      for try await (number, tallies) in group { runs[number] = tallies }
      return runs
    }
    var tallies: [String: GoldenRun.Tally] = [:]
    for (key, tally) in runs.joined() { tallies[key, default: .init()].add(tally) }
    let sorted = tallies.sorted { $0.key < $1.key }
    print(sorted.map { "golden \($0.key): \($0.value.text)" }.joined(separator: "\n"))
    #expect(sorted.contains { $0.value.total > 0 }, "no golden case was found in \(places.root)")
    guard places.isOwn else { return }
    let counts = try JSONParser.parse(file: places.root + "/COUNTS.json")
    for member in counts.object ?? [] {
      let passed = tallies[member.name]?.passed ?? 0
      let recorded = member.value.int ?? 0
      #expect(
        passed >= recorded, "\(member.name): \(passed) cases passed, \(recorded) are recorded")
    }
    // Kinds that only packages bring are not there for everyone, so nothing is recorded of them.
    guard ProcessInfo.processInfo.environment["DSX_MODEL_PACKAGES"] == nil else { return }
    for (kind, tally) in sorted where tally.passed > 0 {
      #expect(counts[kind] != nil, "\(kind): record its \(tally.passed) cases in COUNTS.json")
    }
  }

  private static func tallies(
    of name: String, _ walk: (GoldenRun) throws -> Void, _ places: GoldenPlaces
  ) throws -> [String: GoldenRun.Tally] {
    let folder = FilePath.join(places.root, name)
    guard FilePath.isFolder(folder) else {
      #expect(!places.isOwn, "the project's own folder \(name) is missing")
      var tally = GoldenRun.Tally()
      tally.skipped = [folder]
      return ["\(name)/no such folder": tally]
    }
    let run = GoldenRun(folder: folder)
    try walk(run)
    var tallies: [String: GoldenRun.Tally] = [:]
    for (kind, tally) in run.kinds { tallies["\(name)/\(kind)"] = tally }
    return tallies
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
