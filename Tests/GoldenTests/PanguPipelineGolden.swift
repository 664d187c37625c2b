import DSXCore
import Preparation

/// `prepare/pangu_pipeline`: the rows of the original PanGu-alpha script, case by case.
enum PanguPipelineGolden {
  static func walk(_ run: GoldenRun) throws {
    let folder = FilePath.join(run.folder, "pangu_pipeline")
    guard FilePath.isFolder(folder) else { return }
    let cases = try run.json("pangu_pipeline/manifest.json").array ?? []
    for entry in cases {
      let inputs = (entry["input"]?.array ?? []).compactMap(\.string)
      let length = entry["seq_length"]?.int ?? 0
      let name = entry["name"]?.string ?? "\(inputs.joined(separator: "+")).L\(length)"
      guard let task = task(entry["dataset_type"]?.string ?? "openwebtext") else {
        run.skip("pangu_pipeline", name)
        continue
      }
      var options = PreparationOptions(inputs: inputs.map { "\(folder)/inputs/\($0)" })
      options.task = task
      options.compatibility = .pangu
      options.sequenceLength = length
      if entry["error"] != nil {
        run.check("pangu_pipeline", name) { try badUTF8(run, options) }
        continue
      }
      run.check("pangu_pipeline", name) {
        let vocabulary = try vocabulary(run)
        guard Int(vocabulary.endOfText) == entry["eot"]?.int else {
          return "end-of-text id \(vocabulary.endOfText)"
        }
        let rows = try PreparedRows.collect(vocabulary, options).rows
        let golden = try PreparedRows.read(
          "\(folder)/\(name).i32", length: entry["cols"]?.int ?? 0)
        guard golden.count == entry["rows"]?.int else { return "the golden file is not whole" }
        return GoldenRun.difference(rows, golden)
      }
    }
  }

  private static func task(_ type: String) -> PreparationTask? {
    PreparationTask.allCases.first { $0.datasetType == type }
  }

  private static func vocabulary(_ run: GoldenRun) throws -> PreparationVocabulary {
    try PreparationVocabulary(
      .jieba, path: run.path("models/pangu_bpe_4k.model"), endOfText: nil, compatibility: .pangu,
      homes: PreparedRows.homes)
  }

  /// The original dies of a UnicodeDecodeError at byte 198; dsx says so with file, line and byte.
  private static func badUTF8(_ run: GoldenRun, _ options: PreparationOptions) throws -> String? {
    do {
      _ = try PreparedRows.collect(try vocabulary(run), options)
      return "no error"
    } catch {
      guard let error = error as? DSXError, error.code == .malformed else { return "\(error)" }
      let place = error.location
      return place.byte == 198 && place.line == 7 ? nil : "line and byte: \(error)"
    }
  }
}
