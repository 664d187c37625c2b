internal import DSXCore
internal import Datasets
internal import Images
internal import Models

/// One row on its way to a pipeline.
struct PredictionRow {
  /// What a row gives before it is turned into an input.
  enum Values {
    /// Texts, words and numbers, in the order of the fields.
    case cells([(field: PipelineField, value: JSONValue)])
    /// An image of the data set.
    case image(RowImage)
    /// An image elsewhere.
    case file(DataFile)
    /// A row that could not be read.
    case failed(DSXError)
  }

  /// Its number in the split, from 0.
  let number: Int
  /// The data's own id, or the number.
  let id: JSONValue
  let values: Values

  /// SHA-256 of what the model is given: of the image file, or of the cells as a JSON array.
  var hash: String {
    var hash = SHA256()
    switch values {
    case .cells(let cells): hash.update(JSONValue.array(cells.map(\.value)).text())
    case .image(let image): return image.hash
    case .file(let place):
      guard case .path(let path) = place, let file = try? MappedFile(path: path) else { return "" }
      file.withBytes { hash.update($0) }
    case .failed: return ""
    }
    return hash.hexDigest()
  }

  /// The input. Throws for cells and images that cannot be one.
  func input(_ decoder: ImageDecoder) throws(DSXError) -> PipelineInput {
    switch values {
    case .failed(let error): throw error
    case .image(let image): return .image(try image.decoded(decoder))
    case .file(.path(let path)): return .image(try decoder.decode(path: path))
    case .file(let file):
      return .image(try decoder.decode(try MsDataset.bytes(of: file), name: file.location))
    case .cells(let cells):
      if cells.first?.field.kind == .number {
        var numbers: [Double] = []
        for (field, value) in cells { numbers.append(try Self.number(value, field.role)) }
        return .numbers(numbers)
      }
      guard let first = cells.first else {
        throw DSXError(.internal, "a row without fields")
      }
      if first.field.kind == .words, let list = first.value.array {
        let words = list.compactMap(\.string)
        guard words.count == list.count else {
          throw DSXError(.malformed, "'\(first.field.role)' is a list of something but words")
        }
        return .words(words)
      }
      let text = try Self.text(first.value, first.field.role)
      guard cells.count > 1 else { return .text(text) }
      return .pair(text, try Self.text(cells[1].value, cells[1].field.role))
    }
  }

  private static func text(_ value: JSONValue, _ role: String) throws(DSXError) -> String {
    switch value {
    case .string(let text): return text
    case .null: throw DSXError(.malformed, "the row has no '\(role)'")
    case .array, .object:
      throw DSXError(.malformed, "'\(role)' is a nested value, not a text")
    default: return value.text()
    }
  }

  private static func number(_ value: JSONValue, _ role: String) throws(DSXError) -> Double {
    if let number = value.double ?? value.string.flatMap({ Double($0) }), number.isFinite {
      return number
    }
    if case .bool(let flag) = value { return flag ? 1 : 0 }
    throw DSXError(
      .malformed, value.isNull ? "the row has no '\(role)'" : "'\(role)' is no finite number")
  }
}
