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
