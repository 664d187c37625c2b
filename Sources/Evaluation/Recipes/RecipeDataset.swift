public import DSXCore

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
