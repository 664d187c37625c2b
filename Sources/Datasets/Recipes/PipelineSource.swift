public import DSXCore
public import Pipelines

/// Where a recipe's rows come from: a data set, a table file, or a record set.
public struct PipelineSource: Sendable {
  /// What the recipe names.
  public enum Place: Sendable {
    /// A data set: a name, `namespace/name`, or a folder.
    case dataset(String, subset: String?, split: String?, version: String?)
    /// A table file, by its extension.
    case file(String)
    /// Any data file of a record set: random access.
    case records(String)
  }

  /// What the recipe names.
  public var place: Place
  /// Rows of a batch that the source gives.
  public var batchRows: Int

  /// A source.
  public init(_ place: Place, batchRows: Int = 1024) {
    self.place = place
    self.batchRows = batchRows
  }

  /// The source as a pipeline without stages. Reads what decides the columns' types and the content's
  /// fingerprint. Throws what loading throws.
  public func open(homes: Homes) throws(DSXError) -> Pipeline {
    switch place {
    case .records(let path): return try Self.records(path, batchRows)
    case .file(let path):
      return try Self.stream(
        try MsDataset.loadSplit(Self.path(path), homes: homes), name: path, batchRows)
    case .dataset(let name, let subset, let split, let version):
      let dataset = try MsDataset.loadSplit(
        name, subset: subset, split: split, version: version, homes: homes)
      if case .records(let path) = dataset.content { return try Self.records(path, batchRows) }
      return try Self.stream(dataset, name: dataset.messageName, batchRows)
    }
  }

  /// The files that the source reads.
  func inputs(homes: Homes) throws(DSXError) -> [String] {
    switch place {
    case .records(let path): return try RecordFiles.paths(path)
    case .file(let path):
      return try MsDataset.loadSplit(Self.path(path), homes: homes).filesOnDisk()
    case .dataset(let name, let subset, let split, let version):
      return try MsDataset.loadSplit(
        name, subset: subset, split: split, version: version, homes: homes
      ).filesOnDisk()
    }
  }

  /// A table file's path, which is never a name of the catalog.
  private static func path(_ path: String) -> String {
    path.hasPrefix("/") || path.hasPrefix(".") ? path : "./" + path
  }

  private static func records(_ path: String, _ batchRows: Int) throws(DSXError) -> Pipeline {
    let rows = try RecordRows(path: path)
    return .rows(rows, name: path, batchRows: min(batchRows, rows.suggestedBatchRows))
  }

  private static func stream(_ dataset: MsDataset, name: String, _ batchRows: Int)
    throws(DSXError) -> Pipeline
  {
    var options = dataset.options
    options.batchRows = batchRows
    options.namesOptions = false
    if options.columns == nil { options.columns = dataset.target.map { [$0] } }
    // The first cursor decides the types; those that runs open later find the same.
    let schema = try dataset.rows(options).schema
    let chosen = options
    let identity = "\(try dataset.fingerprint()), \(batchRows) rows a batch"
    return .cursor(name, schema: schema, identity: identity) {
      () throws(DSXError) in
      try dataset.rows(chosen)
    }
  }
}
