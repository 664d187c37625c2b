public import DSXCore
public import Pipelines
internal import Settings

/// A pipeline written down: a source and a list of stages.
///
/// ```yaml
/// source: {dataset: tnews, split: train}   # or {file: rows.csv}, {records: set.mindrecord}
/// pipeline:
///   - select: [sentence, label]
///   - filter: {where: "label != 'news_tech'"}
///   - shuffle: {seed: 1, window: 10000}
///   - batch: 32
/// ```
///
/// Every key must be known; errors have the file and the line. `concat`, `interleave` and `zip` take
/// `with:`, a list of recipes of this form.
public struct PipelineRecipe: Sendable {
  /// One stage: described, or a stage that takes other recipes.
  struct Stage: Sendable {
    let description: StageDescription
    let others: [PipelineRecipe]
  }

  /// The source.
  public let source: PipelineSource
  let stages: [Stage]

  /// Reads a recipe file. Throws `malformed` and `unknownName` with file and line.
  public init(file path: String) throws(DSXError) {
    try self.init(StrictYAML(file: path), path: path, depth: 0)
  }

  /// A recipe made of a source and stages as text, `shuffle: {seed: 1}`.
  public init(source: PipelineSource, stages: [String]) throws(DSXError) {
    self.source = source
    var found: [Stage] = []
    for text in stages {
      let yaml = try StrictYAML(text: text, path: "--stage '\(text)'")
      found.append(try Self.stage(yaml, path: "--stage '\(text)'", depth: 0))
    }
    self.stages = found
  }

  private init(_ yaml: StrictYAML, path: String, depth: Int) throws(DSXError) {
    guard depth < 16 else {
      throw DSXError(.malformed, "recipes are nested more than 16 deep", file: path)
    }
    try yaml.allow(["source", "pipeline"])
    guard let source = try yaml.mapping("source") else {
      throw yaml.fault("source", "the recipe lacks the key 'source'")
    }
    self.source = try Self.source(source)
    var stages: [Stage] = []
    for entry in try yaml.mappings("pipeline") ?? [] {
      stages.append(try Self.stage(entry, path: path, depth: depth))
    }
    self.stages = stages
  }

  private static func source(_ yaml: StrictYAML) throws(DSXError) -> PipelineSource {
    try yaml.allow(["dataset", "subset", "split", "version", "file", "records", "batch_rows"])
    let kinds = ["dataset", "file", "records"].filter { yaml.keys.contains($0) }
    guard kinds.count == 1 else {
      throw yaml.fault(
        kinds.last ?? "dataset", "a source is one of 'dataset', 'file' and 'records'")
    }
    var place = PipelineSource.Place.dataset(
      "", subset: try yaml.text("subset"), split: try yaml.text("split"),
      version: try yaml.text("version"))
    if case .dataset(_, let subset, let split, let version) = place {
      if kinds == ["dataset"] {
        place = .dataset(
          try yaml.required("dataset"), subset: subset, split: split, version: version)
      } else if let key = ["subset", "split", "version"].first(where: { yaml.keys.contains($0) }) {
        throw yaml.fault(key, "'\(key)' goes with 'dataset' only")
      } else if kinds == ["file"] {
        place = .file(try yaml.required("file"))
      } else {
        place = .records(try yaml.required("records"))
      }
    }
    var rows = 1024
    if yaml.keys.contains("batch_rows") {
      rows = try yaml.integer("batch_rows")
      guard (1...1 << 24).contains(rows) else {
        throw yaml.fault("batch_rows", "'batch_rows' is not 1 to 16777216")
      }
    }
    return PipelineSource(place, batchRows: rows)
  }

  /// Stages that take other recipes.
  private static let combining = ["concat", "interleave", "zip"]

  private static func stage(_ yaml: StrictYAML, path: String, depth: Int) throws(DSXError)
    -> Stage
  {
    guard let name = yaml.keys.first, yaml.keys.count == 1 else {
      throw yaml.fault(
        yaml.keys.dropFirst().first ?? "",
        "a stage is one name with its arguments, e.g. 'shuffle: {seed: 1}'")
    }
    let line = yaml.fault(name, "").location.line
    let value = try yaml.value(name) ?? .null
    guard case .object(let members) = value, let inner = try yaml.mapping(name) else {
      return Stage(
        description: StageDescription(name, json: value, file: path, line: line), others: [])
    }
    var others: [PipelineRecipe] = []
    var arguments: [StageDescription.Argument] = []
    for member in members {
      if member.name == "with", combining.contains(name) {
        for other in try inner.mappings("with") ?? [] {
          others.append(try PipelineRecipe(other, path: path, depth: depth + 1))
        }
      } else {
        arguments.append(
          .init(member.name, member.value, line: inner.fault(member.name, "").location.line))
      }
    }
    return Stage(
      description: StageDescription(name, arguments: arguments, file: path, line: line),
      others: others)
  }

  /// The names of all stages that recipes know, sorted.
  public static var stageNames: [String] { (StageKind.forDatasets.names() + combining).sorted() }

  /// The pipeline. Opens the sources as far as their columns' types need it. Throws what the sources and
  /// stages throw, stages with their line.
  public func pipeline(homes: Homes) throws(DSXError) -> Pipeline {
    let kinds = StageKind.forDatasets
    var pipeline = try source.open(homes: homes)
    for stage in stages {
      let description = stage.description
      guard Self.combining.contains(description.name) else {
        guard Self.stageNames.contains(description.name) else {
          throw description.located(
            DSXError.unknown("stage", description.name, known: Self.stageNames))
        }
        pipeline = try pipeline.adding(description, kinds: kinds)
        continue
      }
      do throws(DSXError) {
        pipeline = try Self.combined(pipeline, stage, homes)
      } catch { throw description.located(error) }
    }
    return pipeline
  }

  /// Throws `usage` when a file that a record set at `path` would be made of is one that the recipe reads,
  /// or when `path` is a folder.
  public func checkOutput(_ path: String, homes: Homes) throws(DSXError) {
    guard !FilePath.isFolder(path) else {
      throw DSXError(.usage, "the output is a folder", file: path, hint: "name a file in it")
    }
    let outputs = [path, path + ".db"].compactMap { FilePath.identity($0) }
    guard !outputs.isEmpty else { return }
    for input in try inputs(homes: homes) {
      guard let identity = FilePath.identity(input), outputs.contains(identity) else { continue }
      throw DSXError(
        .usage, "the output is one of the inputs", file: path, hint: "choose another --output")
    }
  }

  /// The files that the recipe and those in it read.
  private func inputs(homes: Homes) throws(DSXError) -> [String] {
    var paths = try source.inputs(homes: homes)
    for stage in stages {
      for other in stage.others { paths += try other.inputs(homes: homes) }
    }
    return paths
  }

  private static func combined(_ first: Pipeline, _ stage: Stage, _ homes: Homes)
    throws(DSXError) -> Pipeline
  {
    guard !stage.others.isEmpty else {
      throw DSXError(
        .malformed, "the stage '\(stage.description.name)' lacks 'with', a list of recipes")
    }
    var all = [first]
    for other in stage.others { all.append(try other.pipeline(homes: homes)) }
    switch stage.description.name {
    case "concat":
      _ = try stage.description.normal([])
      return try .concat(all)
    case "zip":
      let arguments = try stage.description.normal(["stop"])
      return try .zip(all, stop: try arguments.choice("stop", ZipStop.self) ?? .shortest)
    default:
      let arguments = try stage.description.normal(["stop", "block", "batch_rows"])
      return try .interleave(
        all, block: try arguments.integer("block") ?? 1,
        stop: try arguments.choice("stop", InterleaveStop.self) ?? .all,
        batchRows: try arguments.integer("batch_rows") ?? 1024)
    }
  }
}
