internal import DSXCore

/// Rows of ids with the segments that they are made of, flat.
struct PackedRows: Sendable {
  /// The ids of all rows, padding included.
  var ids: [Int32] = []
  /// As many labels, or none at all when every id is its own.
  var labels: [Int32] = []
  /// rows + 1 positions in `ids`.
  var offsets = [0]
  /// Where the segments of each row end, counted from the row's start.
  var ends: [Int32] = []
  /// rows + 1 positions in `ends`.
  var endOffsets = [0]

  /// Number of rows.
  var rows: Int { offsets.count - 1 }

  /// The schema of rows with these columns. `name` is that of the ids.
  static func schema(_ name: String, _ columns: [RowColumn]) -> Schema {
    Schema(
      [Field(name, .int32, shape: [-1])]
        + columns.map { Field($0.rawValue, .int32, shape: [-1]) })
  }

  /// The rows as a batch of that schema.
  consuming func batch(_ schema: Schema, _ columns: [RowColumn], firstRow: Int) -> Batch {
    var made: [Column] = []
    for column in columns {
      switch column {
      case .docEnds: made.append(Column(.int32(ends), offsets: endOffsets))
      case .attentionMask:
        made.append(fill { _, _, target in target.update(repeating: 1) })
      case .segmentIDs:
        made.append(fill { segment, _, target in target.update(repeating: Int32(segment + 1)) })
      case .positionIDs:
        made.append(
          fill { _, _, target in
            for position in target.indices { target[position] = Int32(position) }
          })
      case .labels: made.append(labelColumn())
      }
    }
    return Batch(
      schema: schema, columns: [Column(.int32(ids), offsets: offsets)] + made, firstRow: firstRow)
  }

  private func labelColumn() -> Column {
    let source = labels.isEmpty ? ids : labels
    return fill(outside: -100) { _, start, target in
      for position in target.indices { target[position] = source[start + position] }
      if !target.isEmpty { target[0] = -100 }
    }
  }

  /// A column with one number an id: `body` gets each segment's number in its row, its position in
  /// `ids`, and what to fill.
  private func fill(
    outside: Int32 = 0, _ body: (Int, Int, UnsafeMutableBufferPointer<Int32>) -> Void
  ) -> Column {
    let values = [Int32](unsafeUninitializedCapacity: ids.count) { buffer, count in
      buffer.initialize(repeating: outside)
      for row in 0..<rows {
        var start = offsets[row]
        let segments = endOffsets[row]..<endOffsets[row + 1]
        for segment in segments {
          let end = offsets[row] + Int(ends[segment])
          body(
            segment - segments.lowerBound, start,
            UnsafeMutableBufferPointer(rebasing: buffer[start..<end]))
          start = end
        }
      }
      count = ids.count
    }
    return Column(.int32(values), offsets: offsets)
  }
}
