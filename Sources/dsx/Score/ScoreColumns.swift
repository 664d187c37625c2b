internal import DSXCore
internal import Datasets
internal import Metrics

/// Which columns of a table play which roles.
struct ScoreColumns: Sendable {
  /// A role and the column that plays it.
  struct Choice: Sendable {
    let role: MetricColumn
    let column: String
  }
  let choices: [Choice]
  let by: String?
  let id: String?
  let cluster: String?
  /// Whether lists come as JSON texts, as in files that have nothing but texts.
  let listsAreTexts: Bool

  /// Named columns first; else the first of the role's usual names that the table has.
  init(
    plan: ScorePlan, named: [String: String], schema: Schema, file: String, by: String?,
    id: String?, cluster: String?
  ) throws(DSXError) {
    let known = schema.fields.map(\.name)
    func checked(_ name: String) throws(DSXError) -> String {
      if known.contains(name) { return name }
      var error = DSXError.unknown("column", name, known: known)
      error.location.file = file
      throw error
    }
    var choices: [Choice] = []
    for column in plan.columns {
      if let name = named[column.role] {
        choices.append(Choice(role: column, column: try checked(name)))
      } else if let name = column.names.first(where: known.contains) {
        choices.append(Choice(role: column, column: name))
      } else if !column.isOptional {
        throw DSXError(
          .usage, "no column of the table plays the role '\(column.role)' (\(column.summary))",
          file: file,
          hint: "name it: --column \(column.role)=COLUMN; columns: " + known.joined(separator: ", ")
        )
      }
    }
    self.choices = choices
    listsAreTexts = !ScoreTable.isJSON(file)
    for name in [by, id, cluster] { if let name { _ = try checked(name) } }
    self.by = by
    self.id = id ?? (known.contains("id") ? "id" : nil)
    self.cluster = cluster
  }

  /// Every column that is read.
  var names: [String] {
    var names: [String] = []
    for name in choices.map(\.column) + [by, id, cluster].compactMap({ $0 })
    where !names.contains(name) { names.append(name) }
    return names
  }
}

/// A table file whose columns are known.
struct ScoreTable {
  let path: String
  let schema: Schema

  init(path: String) throws(DSXError) {
    self.path = path
    schema = try MsDataset.cursor(path: path).schema
  }

  /// Whether a file's values have JSON's own types.
  static func isJSON(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".json", ".jsonl", ".ndjson"].contains { name.hasSuffix($0) || name.contains($0 + ".") }
  }

  /// A stream of the columns that are read. Columns of texts and labels are read as text, so that no
  /// digit of them is lost to a type that was guessed.
  func cursor(_ columns: ScoreColumns) throws(DSXError) -> any Cursor {
    let isCSV = [".csv", ".tsv"].contains { path.lowercased().hasSuffix($0) }
    guard isCSV else { return try MsDataset.cursor(path: path) }
    return try MsDataset.cursor(
      path: path, types: .declared(columns.names.map { Field($0, .string) }))
  }
}
