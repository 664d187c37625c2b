public import DSXCore

/// What a model folder's `configuration.json` says of its own evaluation: `dataset.val`,
/// `evaluation` and `preprocessor`. A command's options win over it.
///
/// Sources: the fields that ModelScope's trainers read (`build_dataset_keys`, `get_metrics`,
/// `evaluation.dataloader`). What other trainers keep there is left alone.
public struct EvaluationDefaults: Sendable, Equatable {
  /// The data set of `dataset.val`.
  public struct Dataset: Sendable, Equatable {
    /// Its name (`name`).
    public var name: String
    /// Its namespace on the hub (`namespace`).
    public var namespace: String?
    /// Its subset (`subset_name`).
    public var subset: String?
    /// Its split (`split`).
    public var split: String?
    /// Its version (`version`).
    public var version: String?
    /// The labels, in the order of their ids (`labels`).
    public var labels: [String]?
  }

  /// One entry of `evaluation.metrics`: a name, or an object with `type` and options.
  public struct Metric: Sendable, Equatable {
    /// ModelScope's name, e.g. `seq-cls-metric`, or one of dsx.
    public var name: String
    /// The other members of the object.
    public var options: [JSONValue.Member]
  }

  /// The data set to evaluate on, or nil.
  public var dataset: Dataset?
  /// The metrics, in order; empty where the file names none.
  public var metrics: [Metric] = []
  /// `evaluation.dataloader.batch_size_per_gpu`.
  public var batchSize: Int?
  /// `evaluation.dataloader.workers_per_gpu`; 0 means none beside the main one.
  public var workers: Int?
  /// The preprocessor's name (`preprocessor.type`), e.g. `sen-cls-tokenizer`.
  public var preprocessor: String?
  /// The column of the first text (`first_sequence`), of `dataset.val` or else the preprocessor.
  public var firstSequence: String?
  /// The column of the second text (`second_sequence`).
  public var secondSequence: String?
  /// The column of the label (`label`).
  public var label: String?
  /// The most ids of an input (`max_length` or `sequence_length` of the preprocessor).
  public var maximumLength: Int?

  /// Nothing said.
  public init() {}

  /// Whether the file says nothing of it at all.
  public var isEmpty: Bool { self == EvaluationDefaults() }
}

extension ModelFolder {
  /// Reads what a model folder says of its own evaluation; a folder without `configuration.json` and a
  /// GGUF file say nothing.
  ///
  /// Throws `malformed` for a field of the wrong kind, naming it.
  public static func evaluationDefaults(_ path: String) throws(DSXError) -> EvaluationDefaults {
    try EvaluationDefaults(try ModelDescription(path: path))
  }
}

extension EvaluationDefaults {
  init(_ description: ModelDescription) throws(DSXError) {
    let file = description.file("configuration.json")
    let fields = ConfigurationFields(file: file)
    let scope = description.scope
    let evaluation = try fields.object(scope, "evaluation", "evaluation")
    let loader = try fields.object(evaluation, "dataloader", "evaluation.dataloader")
    metrics = try Self.metrics(evaluation["metrics"], file)
    batchSize = try fields.count(
      loader, "batch_size_per_gpu", "evaluation.dataloader.batch_size_per_gpu", least: 1)
    workers = try fields.count(
      loader, "workers_per_gpu", "evaluation.dataloader.workers_per_gpu", least: 0)
    let data = try fields.object(scope, "dataset", "dataset")
    let val: JSONValue
    switch data["val"] {
    case .string(let name): val = .object([.init("name", .string(name))])
    default: val = try fields.object(data, "val", "dataset.val")
    }
    dataset = try Self.dataset(val, fields)
    // The trainers take the columns of the data set, else those of the training set; the pipelines
    // those of the preprocessor.
    let train =
      data["train"]?.object == nil ? .object([]) : try fields.object(data, "train", "dataset.train")
    func column(_ name: String) throws(DSXError) -> String? {
      if let text = try fields.text(val, name, "dataset.val." + name) { return text }
      if let text = try fields.text(train, name, "dataset.train." + name) { return text }
      guard let value = description.preprocessorField(name) else { return nil }
      return try fields.text(.object([.init(name, value)]), name, "preprocessor." + name)
    }
    firstSequence = try column("first_sequence")
    secondSequence = try column("second_sequence")
    label = try column("label")
    preprocessor = try fields.text(
      .object(description.preprocessorField("type").map { [.init("type", $0)] } ?? []), "type",
      "preprocessor.type")
    maximumLength = try description.maximumLength(at: 1)
  }

  private static func dataset(_ val: JSONValue, _ fields: ConfigurationFields) throws(DSXError)
    -> Dataset?
  {
    func text(_ names: [String]) throws(DSXError) -> String? {
      for name in names {
        if let text = try fields.text(val, name, "dataset.val." + name) { return text }
      }
      return nil
    }
    guard let name = try text(["name", "dataset_name"]) else { return nil }
    var labels: [String]?
    if let value = val["labels"], !value.isNull {
      let names = (value.array ?? []).compactMap(\.string)
      guard let list = value.array, list.count == names.count else {
        throw fields.wrong("dataset.val.labels", "a list of labels", value)
      }
      labels = names
    }
    return Dataset(
      name: name, namespace: try text(["namespace"]),
      subset: try text(["subset_name", "subset"]), split: try text(["split"]),
      version: try text(["version"]), labels: labels)
  }

  private static func metrics(_ value: JSONValue?, _ file: String) throws(DSXError) -> [Metric] {
    guard let value, !value.isNull else { return [] }
    var metrics: [Metric] = []
    for entry in value.array ?? [value] {
      if let name = entry.string {
        metrics.append(Metric(name: name, options: []))
      } else if let members = entry.object, let name = entry["type"]?.string {
        metrics.append(Metric(name: name, options: members.filter { $0.name != "type" }))
      } else {
        throw ConfigurationFields(file: file).wrong(
          "evaluation.metrics", "a name, or an object with 'type'", entry)
      }
    }
    return metrics
  }
}
