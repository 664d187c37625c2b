internal import DSXCore
public import Datasets

/// A data set and the task that says what to do with it.
public struct EvaluationTarget: Sendable {
  /// The split to evaluate.
  public let dataset: MsDataset
  /// The task.
  public var task: TaskDefinition
  /// Where other splits of the same data are found; nil: there are none.
  let origin: Origin?

  /// How a split was named.
  struct Origin: Sendable {
    let text: String
    let subset: String?
    let version: String?
    let homes: Homes
    /// Whether the folder is in the task's original layout.
    let isOriginal: Bool
  }

  /// A data set with its task.
  public init(dataset: MsDataset, task: TaskDefinition) {
    self.init(dataset: dataset, task: task, origin: nil)
  }

  init(dataset: MsDataset, task: TaskDefinition, origin: Origin?) {
    self.dataset = dataset
    self.task = task
    self.origin = origin
  }

  /// The split that demonstrations come from: the evaluated one unless another is named.
  func demonstrationSplit(_ name: String?) throws(DSXError) -> MsDataset {
    guard let name, name != dataset.split else { return dataset }
    guard let origin else {
      throw DSXError(
        .usage, "the demonstrations' split '\(name)' is not known for this data set",
        hint: "evaluate a data set by its name or folder, or take demonstrations from its own rows")
    }
    if origin.isOriginal {
      if let found = try TaskLayout.dataset(
        origin.text, task, subset: origin.subset, split: name)
      {
        return found
      }
    }
    return try MsDataset.loadSplit(
      origin.text, subset: origin.subset, split: name, version: origin.version,
      homes: origin.homes)
  }
}
