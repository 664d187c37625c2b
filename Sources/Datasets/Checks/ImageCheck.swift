internal import DSXCore

/// Whether the encoded image of a row can be decoded.
enum ImageCheck {
  /// What is wrong with it; nil when nothing is.
  static func fault(_ batch: Batch, _ column: Int, _ row: Int, _ dataset: MsDataset) -> DSXError? {
    let values = batch.columns[column]
    guard values.isValid(row), let offsets = values.offsets,
      offsets[row] == offsets[row + 1]
    else { return nil }
    return DSXError(.malformed, "the image is empty", row: batch.firstRow + row)
  }
}
