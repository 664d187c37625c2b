public import DSXCore

/// What is evaluated every night, as data: models, data sets, metrics, baseline, gates, reports.
///
/// Read from `recipes/NAME.yaml`; docs/recipes.md has every key.
public struct Recipe: Sendable {
  /// Its name: runs are called after it.
  public var name: String
  /// What it is for.
  public var description: String
  /// The file.
  public var path: String
  /// SHA-256 of all that it says about numbers: models, data sets, baseline, gates.
  public var hash: String
  /// The models.
  public var models: [RecipeModel]
  /// The data sets with their tasks.
  public var datasets: [RecipeDataset]
  /// What a run is compared with.
  public var baseline: RecipeBaseline
  /// The gates.
  public var gates: [GateRule]
  /// What all gates share.
  public var gateSettings: GateSettings
  /// The forms of the report; report.json is always written.
  public var reports: [ReportForm]
  /// Which runs are kept; nil: all.
  public var keep: KeepRule?
  /// A command that is told of the end of a run: /bin/sh reads it, the verdict comes as JSON on stdin.
  public var notify: String?
  /// When it runs, as cron has it: `0 2 * * *`.
  public var schedule: CronSchedule?
  /// After so many seconds no further cell is begun.
  public var timeout: Double?
  /// Whether a run with missing examples or cells passes.
  public var acceptsIncomplete: Bool
  /// Ids in one batch, about; nil: the program's own.
  public var batchTokens: Int?
  /// Threads; nil: as the command line says.
  public var threads: Int?
}

/// One model of a recipe.
public struct RecipeModel: Sendable, Equatable {
  /// The name in results.
  public var name: String
  /// A folder or file, or a name in `models/`.
  public var model: String
  /// `float32` or `bf16`; nil: the program's own.
  public var dtype: String?
  /// The pipeline's task where a folder offers several.
  public var task: String?
  /// The data sets that it is evaluated on; nil: all that do not name models.
  public var datasets: [String]?

  /// A model.
  public init(
    name: String, model: String, dtype: String? = nil, task: String? = nil,
    datasets: [String]? = nil
  ) {
    self.name = name
    self.model = model
    self.dtype = dtype
    self.task = task
    self.datasets = datasets
  }
}

/// One data set of a recipe and what is asked on it.
public struct RecipeDataset: Sendable {
  /// The name in results and in gates.
  public var name: String
  /// A name of the catalog, `namespace/name`, a folder or a file.
  public var dataset: String
  /// The version; nil: latest.
  public var version: String?
  /// The subset.
  public var subset: String?
  /// The split.
  public var split: String?
  /// The task; nil: the data set's own.
  public var task: String?
  /// The variant of the task that follows another program.
  public var compat: String?
  /// The models that are evaluated on it; nil: all that do not name data sets.
  public var models: [String]?
  /// Metrics instead of the task's: names, `KEY=NAME`, or objects with `metric`, `as` and settings.
  public var metrics: [JSONValue]
  /// Columns whose values make slices.
  public var by: [String]
  /// Options of the evaluation by name (`limit`, `sample`, `few_shot`, ...), in the order of
  /// `RecipeDataset.optionNames`.
  public var options: [JSONValue.Member]

  /// The options that an evaluation takes.
  public static let optionNames = [
    "limit", "sample", "sample_seed", "seed", "few_shot", "rule", "bos", "stride", "candidates",
    "max_tokens", "on_long",
  ]

  /// The option of that name; nil when it is not set.
  public func option(_ name: String) -> JSONValue? { options.first { $0.name == name }?.value }
}

/// What a run is compared with.
public enum RecipeBaseline: Sendable, Equatable {
  /// Nothing.
  case none
  /// The newest run of the recipe that passed.
  case lastGreen
  /// A run by its id.
  case run(String)
  /// A run's folder.
  case folder(String)

  /// As it stands in the recipe.
  public var text: String {
    switch self {
    case .none: "none"
    case .lastGreen: "last-green"
    case .run(let id): id
    case .folder(let path): path
    }
  }
}

/// One model on one data set.
public struct RecipeCell: Sendable {
  /// Its key, unique in the recipe: `MODEL--DATASET`.
  public var key: String
  /// The model.
  public var model: RecipeModel
  /// The data set.
  public var dataset: RecipeDataset
}

extension Recipe {
  /// The cells: every model on every data set, but for those that name each other.
  public var cells: [RecipeCell] {
    var cells: [RecipeCell] = []
    for dataset in datasets {
      for model in models {
        if let names = dataset.models {
          guard names.contains(model.name) else { continue }
        } else if let names = model.datasets {
          guard names.contains(dataset.name) else { continue }
        }
        if let names = model.datasets, !names.contains(dataset.name) { continue }
        cells.append(
          RecipeCell(
            key: Self.plain(model.name) + "--" + Self.plain(dataset.name), model: model,
            dataset: dataset))
      }
    }
    return cells
  }

  /// A name as a part of a file's name.
  static func plain(_ name: String) -> String {
    let allowed = Set(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-".utf8)
    let bytes = name.utf8.map { byte in
      allowed.contains(byte) || byte >= 0x80 ? byte : UInt8(ascii: "_")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasPrefix(".") || text.isEmpty ? "_" + text : text
  }
}
