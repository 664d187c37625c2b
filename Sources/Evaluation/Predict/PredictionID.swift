internal import DSXCore
internal import Datasets

/// Where the ids of predictions come from.
enum PredictionID: Equatable {
  /// The column that the user named.
  case named(String)
  /// What the data set's own task says: its column, or nil for images' names and rows' numbers. Then
  /// `dsx eval --predictions` finds every line's example.
  case task(String?)
  /// There is no task: a column called `id`, where the data has one.
  case usual

  /// The choice for a data set: the user's, else its task's.
  ///
  /// Throws what a malformed task.yaml is refused with.
  init(_ chosen: String?, _ dataset: MsDataset, _ homes: Homes) throws(DSXError) {
    if let chosen {
      self = .named(chosen)
    } else if let path = try? TaskCatalog.own(dataset, homes) {
      self = .task(try TaskDefinition(path: path, compat: nil).id)
    } else {
      self = .usual
    }
  }

  /// The column among those that the data has; nil for images' names and rows' numbers.
  ///
  /// Throws `unknownName` for a named column that is not there. Data without the task's column (a split
  /// for submission) goes by its rows.
  func column(of names: [String]) throws(DSXError) -> String? {
    switch self {
    case .named(let name):
      guard names.contains(name) else { throw DSXError.unknown("column", name, known: names) }
      return name
    case .task(let name): return name.flatMap { names.contains($0) ? $0 : nil }
    case .usual: return names.contains("id") ? "id" : nil
    }
  }

  /// What decides the ids, for the identity of a run.
  var json: JSONValue {
    switch self {
    case .named(let name), .task(let name?): .string(name)
    case .task(nil): .null
    case .usual: "id"
    }
  }
}
