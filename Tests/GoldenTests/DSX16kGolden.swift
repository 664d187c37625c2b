import DSXCore
import Preparation

/// `prepare/dsx16k`: rows of the shipped texts with the shipped vocabulary, with and without jieba, and
/// the token counts of each file.
enum DSX16kGolden {
  static func walk(_ run: GoldenRun) throws {
    let folder = FilePath.join(run.folder, "dsx16k")
    guard FilePath.isFolder(folder) else { return }
    let manifest = try run.json("dsx16k/manifest.json")
    for set in manifest["sets"]?.array ?? [] {
      let name = set["file"]?.string ?? "?"
      let kind: PreparationVocabulary.Kind = set["tokenizer"] == "jieba" ? .jieba : .sentencePiece
      run.check("dsx16k", name) {
        let vocabulary = try PreparationVocabulary(
          kind, path: nil, endOfText: nil, compatibility: .pangu, homes: PreparedRows.homes)
        guard Int(vocabulary.endOfText) == manifest["eot"]?.int else { return "another <eot>" }
        let inputs = set["inputs"]?.array ?? []
        let length = set["seq_length"]?.int ?? 0
        var options = PreparationOptions(
          inputs: inputs.map { "\(folder)/texts/\($0["file"]?.string ?? "?")" })
        options.compatibility = .pangu
        options.sequenceLength = length
        options.workers = 2
        let golden = try PreparedRows.read("\(folder)/\(name)", length: length)
        let (rows, counts) = try PreparedRows.collect(vocabulary, options)
        if let difference = GoldenRun.difference(rows, golden) { return difference }
        return difference(of: counts, from: inputs)
      }
    }
  }

  /// Pieces, tokens, rows and dropped tokens of all files together.
  private static func difference(of counts: PreparationCounts, from inputs: [JSONValue]) -> String?
  {
    func sum(_ name: String) -> Int { inputs.reduce(0) { $0 + ($1[name]?.int ?? 0) } }
    let ours = [
      counts.documents, counts.tokens, counts.rows, counts.droppedTokens,
    ]
    return GoldenRun.difference(
      ours, [sum("pieces"), sum("tokens"), sum("rows"), sum("dropped")])
  }
}
