internal import DSXCore

/// How a record set is laid out on disk.
public struct RecordWriterOptions: Sendable {
  /// How the files of a set are named.
  public enum Naming: String, CaseIterable, Sendable {
    /// One file is named exactly as the path; N files get the numbers 0...N-1, zero-padded to the
    /// width of N-1.
    case mindRecord
    /// Always numbered: a single file is `PATH0`, as the PanGu-alpha script names it.
    case pangu
  }

  /// Number of data files, 1...1000.
  public var shards = 1
  /// Write only this one of the set's data files (from 0): the others are written elsewhere, e.g. by
  /// other processes. All must have the same schema, `shards`, `naming`, `headerSize` and `pageSize`,
  /// and those two must be given. The header then says 0 bytes saved, as nobody knows the sum.
  public var part: Int?
  /// Replace an existing set of that name; else it is refused.
  public var overwrite = false
  /// Bytes kept for the header: a multiple of 4, 16 KiB...128 MiB. nil: chosen from the data.
  public var headerSize: Int?
  /// Bytes of a page: a multiple of 4, 32 KiB...256 MiB. nil: chosen from the data.
  public var pageSize: Int?
  /// MindSpore's own placement: rows are cut into groups per append call, each call is divided over the
  /// shards (remainder to the first), defaults are a 16 MiB header and 32 MiB pages, and the header
  /// has no members of ours. The data files are then byte-identical to MindSpore's.
  public var mindSporeExact = false
  /// How files are named.
  public var naming = Naming.mindRecord
  /// The number of rows to come, when it is known: lets several shards be written without spooling.
  /// `finish()` fails when it was wrong.
  public var totalRows: Int?
  /// After about this many bytes of rows everything is flushed to disk together with what `resume` and
  /// `RecordRepair` need to go on from there. nil: never. A set of less than 32 MiB whose sizes are chosen
  /// from the data is held in memory and has no checkpoint.
  public var checkpointBytes: Int? = 1 << 30
  /// Leave the rows up to the last checkpoint behind when the writer is dropped, fails to write or is
  /// ended by a signal, so that `resume` goes on with them. Else only `kill -9` and crashes leave them.
  public var keepsUnfinished = false
  /// Whether files are flushed to disk; only tests, which make thousands of sets, leave it out.
  var isDurable = true
  /// Bytes that are written at a time by a thread of their own; smaller sets are written at once.
  /// Only tests change it.
  var blockBytes = 4 << 20

  /// The defaults: one shard, sizes chosen from the data, an existing set refused.
  public init() {}

  /// The names of the data files of a set called `name`, in order.
  public func fileNames(_ name: String) -> [String] {
    if shards <= 1, naming == .mindRecord { return [name] }
    let width = String(max(shards, 1) - 1).utf8.count
    return (0..<max(shards, 1)).map { shard in
      let number = String(shard)
      return name + String(repeating: "0", count: width - number.utf8.count) + number
    }
  }
}

extension RecordWriterOptions {
  func check() throws(DSXError) {
    guard (1...1000).contains(shards) else {
      throw DSXError(.usage, "the number of shards is \(shards); it must be 1 to 1000")
    }
    try Self.check("header size", headerSize, ShardHeader.headerSizes)
    try Self.check("page size", pageSize, ShardHeader.pageSizes)
    if let part {
      guard (0..<shards).contains(part), headerSize != nil, pageSize != nil, !mindSporeExact else {
        throw DSXError(
          .usage, "part \(part) of a set of \(shards) needs a header size and a page size")
      }
    }
    guard (totalRows ?? 0) >= 0 else {
      throw DSXError(.usage, "the announced number of rows is negative")
    }
    guard (checkpointBytes ?? 1) > 0 else {
      throw DSXError(.usage, "the bytes between checkpoints must be more than 0")
    }
  }

  private static func check(_ what: String, _ size: Int?, _ limits: ClosedRange<Int>)
    throws(DSXError)
  {
    guard let size, !limits.contains(size) || size % 4 != 0 else { return }
    throw DSXError(
      .usage,
      "the \(what) is \(size); it must be a multiple of 4 from \(limits.lowerBound) to "
        + "\(limits.upperBound)")
  }

  /// MindSpore refuses to open files with these characters.
  static func check(name: String) throws(DSXError) {
    let refused = name.utf8.first { byte in
      byte < 0x20 || "\\:*?\"<>|`&';".utf8.contains(byte)
    }
    guard refused == nil, !name.isEmpty, name.utf8.first != 0x20, name.utf8.last != 0x20 else {
      throw DSXError(
        .usage, "the file name '\(name)' cannot be used for a MindRecord",
        hint: "avoid \\ : * ? \" < > | ` & ' ; and blanks at the ends: MindSpore refuses them")
    }
  }
}
