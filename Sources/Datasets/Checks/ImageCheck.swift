internal import DSXCore
internal import Images

/// Whether the encoded image of a row can be decoded.
struct ImageCheck {
  private let decoder = ImageDecoder()

  /// What is wrong with it; nil when nothing is.
  func fault(_ batch: Batch, _ column: Int, _ row: Int, _ dataset: MsDataset) -> DSXError? {
    let values = batch.columns[column]
    guard values.isValid(row), let offsets = values.offsets,
      case .bytes(let bytes) = values.elements
    else { return nil }
    let name = Self.name(batch.firstRow + row, dataset)
    do throws(DSXError) {
      _ = try decoder.decode(Array(bytes[offsets[row]..<offsets[row + 1]]), name: name)
      return nil
    } catch {
      var located = error.inFile(name)
      located.location.row = batch.firstRow + row
      return located
    }
  }

  /// The image's own file, where each row is one.
  private static func name(_ row: Int, _ dataset: MsDataset) -> String {
    guard case .images(let folder) = dataset.content, folder.items.indices.contains(row) else {
      return dataset.table
    }
    return folder.items[row].file.location
  }
}
