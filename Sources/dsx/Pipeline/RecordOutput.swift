internal import DSXCore
internal import Datasets
internal import Pipelines

/// A pipeline's rows as a record set that loads back with equal columns.
struct RecordOutput {
  let path: String
  let overwrite: Bool

  /// Writes what is left of a run, at most so many batches, and returns the number of rows. Nothing stays
  /// behind a failure.
  func write(_ run: PipelineRun, batches: Int?, progress: (Int) -> Void) throws(DSXError) -> Int {
    var writer = try DatasetRecords(path: path, schema: run.schema, overwrite: overwrite)
    var left = batches ?? .max
    var rows = 0
    do throws(DSXError) {
      while left > 0, let batch = try run.next() {
        try writer.append(batch)
        left -= 1
        rows += batch.rows
        progress(rows)
      }
      guard rows > 0 else {
        throw DSXError(.nothingToDo, "the pipeline gives no row", file: path)
      }
      try writer.finish()
    } catch {
      writer.discard()
      throw error
    }
    return rows
  }
}
