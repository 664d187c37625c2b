internal import DSXCore
internal import Jobs

/// One cell of a planned evaluation: what decides its numbers, and how its examples are cut.
struct PlannedCell: Hashable {
  /// Its name in the run: `<model>--<dataset>`.
  var name: String
  /// SHA-256 over everything that decides its numbers.
  var identity: String
  /// Its examples by number, in the data's order.
  var shards: CountShards

  init(name: String, identity: String, shards: CountShards) {
    self.name = name
    self.identity = identity
    self.shards = shards
  }

  var json: JSONValue {
    [
      "name": .string(name), "identity": .string(identity), "examples": .int(Int64(shards.total)),
      "shard_examples": .int(Int64(shards.size)),
    ]
  }

  init(json: JSONValue) throws(DSXError) {
    guard let name = json["name"]?.string, let identity = json["identity"]?.string,
      let examples = json["examples"]?.int, let size = json["shard_examples"]?.int, examples > 0,
      size > 0, size % RunFiles.unit == 0
    else { throw DSXError(.malformed, "the plan has a cell that is not complete") }
    self.init(
      name: name, identity: identity, shards: CountShards(total: examples, size: size))
  }
}

/// The shards of all cells of an evaluation under one numbering: those of the first cell come first.
struct CellShards {
  let cells: [PlannedCell]
  /// Where each cell's shards begin; the last entry is the end of all.
  let starts: [Int]

  init(_ cells: [PlannedCell]) {
    self.cells = cells
    var starts = [0]
    for cell in cells { starts.append((starts.last ?? 0) &+ cell.shards.count) }
    self.starts = starts
  }

  /// Number of shards.
  var count: Int { starts.last ?? 0 }

  /// The shards of a cell.
  func shards(ofCell cell: Int) -> Range<Int> { starts[cell]..<starts[cell + 1] }

  /// The cell of a shard with the numbers of its examples, and whether it is the cell's last; nil for a
  /// shard that there is not.
  func place(of shard: Int) -> (cell: Int, examples: Range<Int>, isLast: Bool)? {
    guard let cell = cells.indices.first(where: { shard >= starts[$0] && shard < starts[$0 + 1] })
    else { return nil }
    let own = shard - starts[cell]
    let shards = cells[cell].shards
    return (cell, shards.range(of: own), own == shards.count - 1)
  }
}
