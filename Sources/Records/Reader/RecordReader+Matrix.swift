public import DSXCore

/// Rows straight into contiguous buffers.
extension RecordReader {
  /// Decodes rows of a numeric field into a matrix of `rows.count` x `rowLength` elements, row after row
  /// in the order of `rows`; returns the number of elements of each row.
  ///
  /// A scalar field has one element a row. A row that is shorter than `rowLength` is filled up with
  /// `padding`, or refused without one; a longer row is always refused. Array elements are decoded where
  /// they belong, without a copy between. Throws `usage` when the buffer is too small or the field has
  /// another element type, `malformed` (with the row) for a row that does not fit, `corrupt` on damage.
  public func read<Element: RecordElement>(
    _ field: String, rows: [Int], rowLength: Int, padding: Element? = nil,
    into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(DSXError) -> [Int] {
    let number = try number(of: field)
    let found = plan.fields[number]
    let isWide = found.type == .float32 && found.shape == nil
    guard Element.fieldType == (isWide ? .float64 : found.type) else {
      throw DSXError(
        .usage, "the field '\(field)' is \(found.typeText), not \(Element.fieldType.rawValue)",
        file: files[0].path,
        hint: isWide ? "a float32 scalar keeps a double: read it as float64" : nil)
    }
    let (total, overflows) = rows.count.multipliedReportingOverflow(by: rowLength)
    guard rowLength > 0, !overflows, total <= buffer.count else {
      throw DSXError(
        .usage,
        "\(rows.count) rows of \(rowLength) elements do not fit into a buffer of \(buffer.count)")
    }
    guard let position = plan.blob.firstIndex(of: number) else {
      return try scalars(number, rows, rowLength, padding, buffer)
    }
    let decoder = ArrayDecoder(found, version: files[0].header.version)
    var counts: [Int] = []
    counts.reserveCapacity(rows.count)
    for segment in try segments(of: rows) {
      let payloads = try segment.payloads(position, of: plan.blob.count)
      for (row, payload) in payloads.enumerated() {
        guard let count = decoder.count(payload) else {
          throw decoder.wrongCount(segment, row, payload)
        }
        let number = segment.number + row
        try check(count, rowLength, hasPadding: padding != nil, field, number)
        let start = counts.count * rowLength
        if let base = buffer.baseAddress {
          guard decoder.decode(payload, count, into: UnsafeMutableRawPointer(base + start)) else {
            throw decoder.wrongWidths(segment, row, payload)
          }
        }
        fill(buffer, start + count..<start + rowLength, padding)
        counts.append(count)
      }
    }
    return counts
  }

  private func scalars<Element: RecordElement>(
    _ number: Int, _ rows: [Int], _ rowLength: Int, _ padding: Element?,
    _ buffer: UnsafeMutableBufferPointer<Element>
  ) throws(DSXError) -> [Int] {
    let batch = try batch(segments(of: rows), numbers: [number], firstRow: rows.first ?? 0)
    let name = plan.fields[number].name
    for row in rows.indices {
      try check(1, rowLength, hasPadding: padding != nil, name, rows[row])
      fill(buffer, row * rowLength + 1..<(row + 1) * rowLength, padding)
    }
    func copy<Value>(_ values: [Value]) {
      for (row, value) in values.enumerated() {
        // The field's type was compared with the buffer's before.
        if let value = value as? Element { buffer[row * rowLength] = value }
      }
    }
    switch batch.columns.first?.elements {
    case .int32(let values): copy(values)
    case .int64(let values): copy(values)
    case .float64(let values): copy(values)
    default: throw DSXError(.usage, "the field '\(name)' holds no numbers")
    }
    return Array(repeating: 1, count: rows.count)
  }

  private func check(
    _ count: Int, _ rowLength: Int, hasPadding: Bool, _ field: String, _ row: Int
  ) throws(DSXError) {
    guard count <= rowLength, count == rowLength || hasPadding else {
      throw DSXError(
        .malformed,
        "the field '\(field)' has \(count) elements in this row, the buffer's rows have \(rowLength)",
        file: files[fileIndex(of: row)].path, row: row,
        hint: count < rowLength ? "give a padding value for shorter rows" : nil)
    }
  }

  private func fill<Element>(
    _ buffer: UnsafeMutableBufferPointer<Element>, _ range: Range<Int>, _ padding: Element?
  ) {
    guard let padding, !range.isEmpty else { return }
    UnsafeMutableBufferPointer(rebasing: buffer[range]).update(repeating: padding)
  }
}

extension RecordLoader {
  /// This worker's rows of the next step, one numeric field, decoded into a matrix of `rowLength` columns
  /// (`RecordReader.read`); returns the step, or nil at the end.
  ///
  /// The buffer needs `batchRows * rowLength` elements at most. For several fields of one step use
  /// `nextStep`, `reader.read` for each, and `release(after:)`.
  public mutating func next<Element: RecordElement>(
    _ field: String, rowLength: Int, padding: Element? = nil,
    into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(DSXError) -> Step? {
    guard let step = nextStep() else { return nil }
    _ = try reader.read(
      field, rows: step.rows, rowLength: rowLength, padding: padding, into: buffer)
    release(after: step)
    return step
  }
}
