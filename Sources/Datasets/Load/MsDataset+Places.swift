public import DSXCore

extension MsDataset {
  /// An error about a row of a data set of several files, with the file that holds the row and its number in
  /// it. Any other error, and one whose file is known already, stays as it is.
  ///
  /// Reads the files before it once more, for their rows; so it costs as much as getting there did.
  func located(_ error: DSXError) -> DSXError {
    guard case .tables(let files) = content, files.count > 1, let row = error.location.row,
      error.location.file == nil || error.location.file == messageName
    else { return error }
    var options = options
    options.columns = (try? rows().schema.fields.first?.name).map { [$0] }
    var before = 0
    for file in files {
      guard var cursor = try? TableSetCursor([file], options: options) else { return error }
      var count = 0
      while let batch = (try? cursor.next()) ?? nil { count = batch.firstRow + batch.rows }
      if row < before + count {
        var placed = error
        placed.location.file = file.location
        placed.location.row = row - before
        return placed
      }
      before += count
    }
    return error
  }
}

extension PipelineRecipe {
  /// An error of the pipeline's run, with the file of the row that it is about where the source has
  /// several.
  public func located(_ error: DSXError, homes: Homes) -> DSXError {
    guard case .dataset(let name, let subset, let split, let version) = source.place,
      error.location.row != nil,
      let dataset = try? MsDataset.loadSplit(
        name, subset: subset, split: split, version: version, homes: homes)
    else { return error }
    return dataset.located(error)
  }
}
