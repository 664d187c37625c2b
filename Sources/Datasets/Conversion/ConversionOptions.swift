internal import DSXCore

/// What a conversion to records depends on, besides the data.
public struct ConversionOptions: Sendable {
  /// Into how many data files the set is divided, 1 to 1000.
  public var shards = 1
  /// The columns wanted, in this order; nil for all.
  public var columns: [String]?
  /// What is done with rows that cannot be read.
  public var onBadRow = BadRowPolicy.refuse
  /// How tables are read; nil takes what the descriptor says.
  public var table: TableOptions?
  /// Replace an output of dsx that is there already.
  public var overwrite = false
  /// Bytes of rows between two points from which a killed conversion can go on.
  public var checkpointBytes = 64 << 20
  /// Bytes of a page and of a header; nil chooses them from the data. Small sets of chosen sizes have points
  /// to go on from too; others only above 32 MiB.
  public var pageSize: Int?
  /// See `pageSize`.
  public var headerSize: Int?
  /// The tool and its version, for the manifest.
  public var tool: String

  /// One file, all columns, every row must be right.
  public init(tool: String) { self.tool = tool }

  /// The version of the type map: sets of another one are not taken from a cache.
  static let formatVersion = 1

  /// How tables are read.
  func table(for dataset: MsDataset) -> TableOptions {
    var options = table ?? dataset.options
    if options.features.isEmpty { options.features = dataset.options.features }
    options.onBadRow = onBadRow
    options.columns = columns ?? dataset.target.map { [$0] }
    return options
  }

  /// The options that decide the bytes, as the manifest holds them.
  func json(for dataset: MsDataset, fingerprint: String) -> JSONValue {
    let table = table(for: dataset)
    return [
      "format_version": .int(Int64(Self.formatVersion)),
      "dataset": [
        "name": .string(dataset.name), "namespace": .string(dataset.namespace),
        "version": .string(dataset.version), "subset": .string(dataset.subset),
        "split": .string(dataset.split), "fingerprint": .string(fingerprint),
      ],
      "shards": .int(Int64(shards)),
      "page_size": pageSize.map { .int(Int64($0)) } ?? .null,
      "header_size": headerSize.map { .int(Int64($0)) } ?? .null,
      "columns": columns.map { .array($0.map { .string($0) }) } ?? .null,
      "on_bad_row": .string(onBadRow.rawValue),
      "table": table.differences.map { .string($0) } ?? .null,
    ]
  }
}
