internal import DSXCore
internal import Datasets

/// The ids of the examples that were read: one id is one example, in given predictions, histories and
/// comparisons.
struct ExampleIDs {
  private let dataset: MsDataset
  private var rows: [String: Int] = [:]

  init(_ dataset: MsDataset) { self.dataset = dataset }

  /// Takes the next example. Throws `malformed` for an id that another row has.
  mutating func add(_ example: Example) throws(DSXError) {
    let key = example.id.string ?? example.id.text()
    guard let first = rows.updateValue(example.row, forKey: key) else { return }
    throw DSXError(
      .malformed,
      "the data set '\(dataset.name)' has the id '\(key)' twice: in the rows \(first) and "
        + "\(example.row), counted from 0",
      file: dataset.table,
      hint: "give every row its own id, or leave the key 'id' out of the task")
  }

  /// Whether an example has this id.
  func contains(_ key: String) -> Bool { rows[key] != nil }
}
