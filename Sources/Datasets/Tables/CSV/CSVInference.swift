internal import DSXCore

/// One pass over all rows that decides the types of the columns that are not declared.
enum CSVInference {
  /// The same table with the types of its columns.
  static func decide(_ table: CSVTable) throws(DSXError) -> CSVTable {
    guard !table.inferred.isEmpty else { return table }
    let known = Lock([CSVKind](repeating: [], count: table.schema.fields.count))
    let skips = table.options.onBadRow == .skip
    let stream = try CSVChunkStream(table) { chunk, text in
      // Rows that a declared column refuses decide nothing.
      if skips { table.leaveOutBadValues(chunk, text) }
      guard let piece = table.piece(chunk, text, rows: 0..<chunk.rows) else { return }
      let before = known.withLock { $0 }
      chunk.kinds = before
      for index in table.inferred {
        chunk.kinds[index] = table.reader(index, [piece]).kind(known: before[index])
      }
    }
    while true {
      let chunks = try stream.next(keeping: stream.position)
      guard !chunks.isEmpty else { break }
      for chunk in chunks {
        // Only now: a chunk that began at a wrong guess is not among these.
        known.withLock { kinds in
          for (index, kind) in chunk.kinds.enumerated() { kinds[index].formUnion(kind) }
        }
        if let fault = chunk.faults.first(where: { _ in !skips || chunk.isFatal }) {
          throw (chunk.isFatal ? chunk.faults[chunk.faults.count - 1] : fault)
            .error(stream.window, table.context)
        }
      }
    }
    return table.typed(known.withLock { $0 })
  }
}

extension CSVTable {
  /// The same table with inferred columns of these kinds.
  func typed(_ kinds: [CSVKind]) -> CSVTable {
    var table = self
    for index in inferred {
      table.schema.fields[index] = kinds[index].field(schema.fields[index].name)
    }
    return table
  }
}
