public import DSXCore

/// A saved position of a `RecordLoader`: one point of the global order, the same for every worker.
///
/// | member | meaning |
/// |---|---|
/// | `format`, `version` | `dsx-loader-state`, 1 |
/// | `set` | the fingerprint of the record set (`RecordReader.fingerprint`) |
/// | `first_row`, `rows` | the rows that the loader goes over |
/// | `seed` | the shuffle's seed, or null for the stored order |
/// | `epoch`, `position` | the next row of the global order: all before it were handed out |
///
/// Neither the number of workers nor the batch size is part of it: it restores under others.
public struct RecordLoaderState: Hashable, Sendable, Codable {
  /// The layout that this dsx writes and reads.
  public static let version = 1

  private var format = "dsx-loader-state"
  private var version = Self.version
  /// The set's fingerprint, 64 hexadecimal digits.
  public var set: String
  /// The first row that the loader goes over.
  public var firstRow: Int
  /// How many rows it goes over in an epoch.
  public var rows: Int
  /// The shuffle's seed; nil for the stored order.
  public var seed: Int64?
  /// The epoch of the next row.
  public var epoch: Int
  /// The next row's position in the epoch's global order.
  public var position: Int

  private enum CodingKeys: String, CodingKey {
    case format, version, set
    case firstRow = "first_row"
    case rows, seed, epoch, position
  }

  init(set: String, rows: Range<Int>, seed: UInt64?, epoch: Int, position: Int) {
    self.set = set
    firstRow = rows.lowerBound
    self.rows = rows.count
    self.seed = seed.map { Int64(clamping: $0) }
    self.epoch = epoch
    self.position = position
  }

  /// The state as JSON, with the members above.
  public var json: JSONValue {
    [
      "format": .string(format), "version": .int(Int64(version)), "set": .string(set),
      "first_row": .int(Int64(firstRow)), "rows": .int(Int64(rows)),
      "seed": seed.map { .int($0) } ?? .null, "epoch": .int(Int64(epoch)),
      "position": .int(Int64(position)),
    ]
  }

  /// Reads a state. Throws `malformed` when it is none, `unsupported` for another version.
  public init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-loader-state" else {
      throw DSXError(.malformed, "this is no saved position of a record loader")
    }
    guard json["version"]?.int == Self.version else {
      throw DSXError(
        .unsupported, "the saved position's version is not \(Self.version)",
        hint: "it was written by another version of dsx")
    }
    guard let set = json["set"]?.string, let firstRow = json["first_row"]?.int,
      let rows = json["rows"]?.int, let epoch = json["epoch"]?.int,
      let position = json["position"]?.int, firstRow >= 0, rows >= 0,
      (0...RecordLoaderOptions.epochLimit).contains(epoch), (0...rows).contains(position)
    else { throw DSXError(.malformed, "the saved position is not complete") }
    var seed: Int64?
    switch json["seed"] {
    case .int(let value): seed = value
    case .null: break
    default: throw DSXError(.malformed, "the saved position has no seed (null for none)")
    }
    self.set = set
    self.firstRow = firstRow
    self.rows = rows
    self.seed = seed
    self.epoch = epoch
    self.position = position
  }

  /// Throws when the state, however it was read, is not of a version that this dsx knows.
  func check() throws(DSXError) {
    guard format == "dsx-loader-state", version == Self.version else {
      throw DSXError(.unsupported, "the saved position's version is not \(Self.version)")
    }
    // It may have come through Codable, which looks at no number.
    guard rows >= 0, (0...RecordLoaderOptions.epochLimit).contains(epoch),
      (0...rows).contains(position)
    else { throw DSXError(.malformed, "the saved position lies outside of every epoch") }
  }
}
