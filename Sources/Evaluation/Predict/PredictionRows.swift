internal import DSXCore
internal import Datasets
internal import Images
internal import Models

/// Reads the rows of a split as inputs of a pipeline, so many at a time.
struct PredictionRows {
  private let columns: PredictionColumns
  private let idRule: ExampleIDRule
  private let isImages: Bool
  /// Whether images are named by a column of paths: their content is no part of the data set.
  let namesImages: Bool
  /// Whether nothing tells an empty text from a missing one, as in CSV and lines.
  private let emptyIsMissing: Bool
  private let archives = ArchiveReader()
  /// Whether images are read that are members of archives; else they are named.
  var opensMembers = true
  private var cursor: any TableCursor
  private var batch: Batch?
  /// The next row of `batch`.
  private var offset = 0
  /// The number of the next row.
  private(set) var position = 0

  /// Opens the rows. Throws as `PredictionColumns` and the loaders do.
  init(
    _ dataset: MsDataset, _ fields: [PipelineField], chosen: [(role: String, column: String)],
    id: PredictionID
  ) throws(DSXError) {
    var options = dataset.options
    options.batchRows = 256
    options.namesOptions = false
    let schema = try dataset.rows(options).schema
    let columns = try PredictionColumns(fields, schema: schema, chosen: chosen, id: id)
    options.columns = columns.names
    let texts =
      columns.places.filter { $0.field.kind == .text || $0.field.kind == .words }.map(\.column)
      + (columns.id.map { id in columns.places.contains { $0.column == id } ? [] : [id] } ?? [])
    // A text that looks like a number in every row is a text all the same: 007 stays 007.
    options.features =
      options.features
      + texts.compactMap { name in
        guard let field = schema.index(of: name).map({ schema.fields[$0] }),
          field.type != .string, field.type != .bytes, dataset.readsTextColumns
        else { return nil }
        return Field(name, .string, isNullable: true)
      }
    if case .images = dataset.content {
      isImages = true
      // One by one, so that an unreadable image costs no other.
      options.batchRows = 1
    } else {
      isImages = false
    }
    self.columns = columns
    namesImages = columns.places.contains { place in
      place.field.kind == .image
        && schema.index(of: place.column).map {
          let field = schema.fields[$0]
          return field.type == .string && !field.isNested && !dataset.owns(field)
        } ?? false
    }
    emptyIsMissing = dataset.readsTextColumns
    idRule = ExampleIDRule(dataset, column: columns.id)
    cursor = try dataset.rows(options)
  }

  /// The next rows, at most `count`; empty at the end.
  mutating func next(_ count: Int) throws(DSXError) -> [PredictionRow] {
    var rows: [PredictionRow] = []
    while rows.count < count {
      if let batch, offset < batch.rows {
        rows.append(row(batch, offset))
        offset += 1
        position += 1
        continue
      }
      offset = 0
      do throws(DSXError) { batch = try cursor.next() } catch {
        guard isImages, error.code != .io else { throw error }
        // The image was passed over; it is an example all the same.
        batch = nil
        rows.append(
          PredictionRow(
            number: position, id: idRule.id(of: nil, row: position), values: .failed(error)))
        position += 1
        continue
      }
      guard batch != nil else { break }
    }
    return rows
  }

  /// Passes over rows that were predicted before.
  mutating func skip(_ count: Int) throws(DSXError) {
    var left = count
    while left > 0 {
      let rows = try next(min(left, 256))
      guard !rows.isEmpty else { return }
      left -= rows.count
    }
  }

  private func row(_ batch: Batch, _ row: Int) -> PredictionRow {
    func value(_ name: String) -> JSONValue {
      guard let column = batch.schema.index(of: name) else { return .null }
      return CellValue(batch, column: column, row: row).json
    }
    let number = position
    let id = idRule.id(of: columns.id.map(value), row: number)
    func made(_ values: PredictionRow.Values) -> PredictionRow {
      PredictionRow(number: number, id: id, values: values)
    }
    guard let first = columns.places.first else { return made(.cells([])) }
    if first.field.kind == .image { return made(image(batch, first.column, row)) }
    return made(
      .cells(
        columns.places.map { place in
          let value = value(place.column)
          let isMissing = emptyIsMissing && value.string == ""
          return (place.field, isMissing ? .null : value)
        }))
  }

  private func image(_ batch: Batch, _ name: String, _ row: Int) -> PredictionRow.Values {
    guard let index = batch.schema.index(of: name) else {
      return .failed(DSXError(.internal, "a column went missing"))
    }
    if let image = Image(batch, column: index, row: row) {
      return .image(RowImage(image, name: "the image"))
    }
    let column = batch.columns[index]
    guard column.isValid(row), case .bytes(let bytes) = column.elements,
      let offsets = column.offsets
    else { return .failed(DSXError(.malformed, "the row has no image in '\(name)'")) }
    if batch.schema.fields[index].type == .bytes {
      return .image(RowImage(Array(bytes[offsets[row]..<offsets[row + 1]]), name: "the image"))
    }
    guard !batch.schema.fields[index].isNested else {
      return .failed(
        DSXError(
          .malformed, "'\(name)' is no image: rows of pixels, each 1 or 3 numbers from 0 to 255"))
    }
    let file = DataFile(location: column.string(row) ?? "")
    guard case .member = file, opensMembers else { return .file(file) }
    do throws(DSXError) {
      return .image(RowImage(try archives.bytes(of: file), name: file.location))
    } catch { return .failed(error) }
  }
}
