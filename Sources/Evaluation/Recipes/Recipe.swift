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
