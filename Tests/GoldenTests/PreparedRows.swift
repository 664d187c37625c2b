import DSXCore
import Preparation

/// Rows of token ids, from the pipeline and from golden files.
enum PreparedRows {
  /// Where the tests find what dsx ships: the checkout.
  static let homes = Homes(environment: ["DSX_HOME": GoldenPlaces.current.package, "HOME": "/tmp"])

  /// All rows of a preparation, and its counts.
  static func collect(_ vocabulary: PreparationVocabulary, _ options: PreparationOptions) throws
    -> (rows: [[Int32]], counts: PreparationCounts)
  {
    var rows: [[Int32]] = []
    let pipeline = try PreparationPipeline(vocabulary, options)
    let result = try pipeline.run(
      try InputExpansion.expand(options.inputs), progress: SilentProgress()
    ) { (batch) throws(DSXError) in
      guard case .int32(let ids) = batch.columns[0].elements, let offsets = batch.columns[0].offsets
      else { throw DSXError(.internal, "no int32 rows") }
      for row in 0..<batch.rows { rows.append(Array(ids[offsets[row]..<offsets[row + 1]])) }
    }
    return (rows, result.counts)
  }

  /// The rows that a task makes of a structured file, each as its columns by name.
  static func examples(
    _ vocabulary: PreparationVocabulary, _ options: PreparationOptions, _ path: String
  ) throws -> [[String: [Int32]]] {
    var rows: [[String: [Int32]]] = []
    let task = try ExampleTask(vocabulary, options)
    _ = try task.run(path: path, progress: SilentProgress()) { (batch) throws(DSXError) in
      for row in 0..<batch.rows {
        var values: [String: [Int32]] = [:]
        for (field, column) in zip(batch.schema.fields, batch.columns) {
          guard case .int32(let ids) = column.elements, let offsets = column.offsets else {
            continue
          }
          values[field.name] = Array(ids[offsets[row]..<offsets[row + 1]])
        }
        rows.append(values)
      }
    }
    return rows
  }

  /// SHA-256 of ids as little-endian int32.
  static func digest(_ ids: [Int32]...) -> String {
    var hash = SHA256()
    for list in ids {
      list.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }

  /// The rows of a file of little-endian int32, row after row.
  static func read(_ path: String, length: Int) throws -> [[Int32]] {
    let file = try MappedFile(path: path)
    guard length > 0 else { return [] }
    return withExtendedLifetime(file) {
      (0..<file.bytes.count / (length * 4)).map { row in
        (0..<length).map { column in
          Int32(
            littleEndian: file.bytes.loadUnaligned(
              fromByteOffset: (row * length + column) * 4, as: Int32.self))
        }
      }
    }
  }
}
