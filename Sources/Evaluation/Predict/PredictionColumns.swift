internal import DSXCore
internal import Models

/// Which column of a data set each field of a pipeline is read from.
struct PredictionColumns {
  /// One field with its column.
  struct Place {
    let field: PipelineField
    let column: String
  }

  /// The fields that the data has, in the order of the pipeline.
  let places: [Place]
  /// The column of the data's own ids, where there is one.
  let id: String?

  /// All columns that are read, each once.
  var names: [String] {
    var names: [String] = []
    for name in places.map(\.column) + (id.map { [$0] } ?? []) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// Finds the columns: what `chosen` says (role to column), else the first usual name that the data
  /// has.
  ///
  /// Throws `usage` for a role that the task does not have and for a required field without a column,
  /// `unknownName` for a chosen column that the data does not have.
  init(
    _ fields: [PipelineField], schema: Schema, chosen: [(role: String, column: String)],
    id: PredictionID
  ) throws(DSXError) {
    let names = schema.fields.map(\.name)
    guard !names.isEmpty else { throw DSXError(.nothingToDo, "the input has no rows") }
    for (role, column) in chosen {
      guard fields.contains(where: { $0.role == role }) else {
        throw DSXError(
          .usage, "the task has no field '\(role)'",
          hint: "fields: " + fields.map(\.role).joined(separator: ", "))
      }
      guard names.contains(column) else {
        throw DSXError.unknown("column", column, known: names)
      }
    }
    var places: [Place] = []
    for field in fields {
      let own = chosen.first { $0.role == field.role }?.column
      if let column = own ?? field.columns.first(where: { names.contains($0) }) {
        places.append(Place(field: field, column: column))
      } else if field.isRequired {
        throw DSXError(
          .usage, "the data has no column for the field '\(field.role)'",
          hint: "name it with --columns \(field.role)=COLUMN; columns: "
            + names.joined(separator: ", "))
      }
    }
    // A column that is read as two fields was not meant as the second, unless the user says so.
    self.places = places.enumerated().filter { number, place in
      place.field.isRequired || chosen.contains { $0.role == place.field.role }
        || !places[..<number].contains { $0.column == place.column }
    }.map(\.element)
    self.id = try id.column(of: names)
  }
}
