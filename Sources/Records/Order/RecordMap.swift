public import DSXCore

/// Which file of a set holds which rows: row numbers of the whole set run through the files in order.
public struct RecordMap: Hashable, Sendable {
  /// The rows of one data file.
  public struct Shard: Hashable, Sendable {
    /// The file's base name.
    public var name: String
    /// The number of its first row in the whole set.
    public var firstRow: Int
    /// How many rows it has; may be 0.
    public var rows: Int
  }

  /// The files in shard order; `firstRow` ascends without gaps from 0.
  public let shards: [Shard]

  /// A map of files with so many rows each, in order.
  public init(names: [String], rows: [Int]) {
    var first = 0
    shards = zip(names, rows).map { name, rows in
      defer { first += rows }
      return Shard(name: name, firstRow: first, rows: rows)
    }
  }

  /// The map that a writer gives `rows` rows over these files, unless it writes as MindSpore does:
  /// contiguous blocks of `rows / files`, one row more for each of the first `rows % files` files.
  public static func even(names: [String], rows: Int) -> RecordMap {
    let shards = max(1, names.count)
    return RecordMap(
      names: names,
      rows: names.indices.map { shard in
        RecordSizes.firstRow(of: shard + 1, rows: rows, shards: shards)
          - RecordSizes.firstRow(of: shard, rows: rows, shards: shards)
      })
  }

  /// Rows over all files.
  public var rows: Int { shards.last.map { $0.firstRow + $0.rows } ?? 0 }

  /// The shard of a row and the row's number in it; nil when there is no such row. Logarithmic.
  public func locate(_ row: Int) -> (shard: Int, row: Int)? {
    guard row >= 0, row < rows else { return nil }
    var low = 0
    var high = shards.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if shards[middle].firstRow <= row { low = middle } else { high = middle - 1 }
    }
    return (low, row - shards[low].firstRow)
  }

  /// The map as manifests hold it: `name`, `first_row`, `rows` of each file.
  public var json: JSONValue {
    .array(
      shards.map { shard in
        [
          "name": .string(shard.name), "first_row": .int(Int64(shard.firstRow)),
          "rows": .int(Int64(shard.rows)),
        ]
      })
  }
}

extension RecordReader {
  /// Which file holds which rows.
  public var map: RecordMap {
    RecordMap(names: files.map { FilePath.split($0.path).name }, rows: files.map(\.rows))
  }
}
