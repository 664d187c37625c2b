internal import DSXCore
internal import Jobs
internal import Records

/// The steps, and the record files that they write.
extension PreparationContext {
  /// The names of the steps.
  enum StepName {
    /// Looks at every document, for a selection over all shards.
    static let scan = "scan"
    /// Decides which documents are dropped.
    static let select = "select"
    /// Documents to ids; to rows and record files too, unless they are shuffled.
    static let encode = "encode"
    /// Shuffled documents or rows to record files.
    static let pack = "pack"
    /// Rows of all parts to another number of record files.
    static let merge = "merge"
  }

  /// The steps that are needed, in order.
  var steps: [WorkStep] {
    var steps: [WorkStep] = []
    if quality?.options.needsSelection == true {
      steps.append(WorkStep(StepName.scan, shards: shards.count))
      steps.append(WorkStep(StepName.select, shards: 1))
    }
    steps.append(WorkStep(StepName.encode, shards: shards.count))
    if options.shuffle != .none { steps.append(WorkStep(StepName.pack, shards: shards.count)) }
    if redistributes { steps.append(WorkStep(StepName.merge, shards: 1)) }
    return steps
  }

  /// Whether the record files of the parts are not those of the output.
  var redistributes: Bool { shards.count > 1 && options.filePartition != nil }

  /// The step that writes the rows.
  var rowStep: String { options.shuffle == .none ? StepName.encode : StepName.pack }

  /// The step whose record files are the output's.
  var lastStep: String { redistributes ? StepName.merge : rowStep }

  /// The base name of a record set.
  func name(_ set: DocumentSet) -> String { FilePath.split(options.output).name + set.suffix }

  /// How the output's files are laid out.
  var outputOptions: RecordWriterOptions {
    var record = RecordWriterOptions()
    record.shards = options.filePartition ?? shards.count
    // The scripts of tasks with examples leave naming to MindSpore.
    record.naming =
      options.compatibility != nil && !options.task.hasExamples ? .pangu : .mindRecord
    return record
  }

  /// The names of the output's data files.
  var outputNames: [String] { options.sets.flatMap { outputOptions.fileNames(name($0)) } }

  /// How the record files of part `shard` of the row step are laid out: as one file of the output's
  /// set, so that merging is a rename; or as a set of its own, which is copied.
  func partOptions(_ shard: Int) -> RecordWriterOptions {
    if redistributes { return RecordWriterOptions() }
    var record = outputOptions
    guard shards.count > 1 else {
      // What is large enough is written while it is encoded; the sizes of what is small fit its rows.
      if shards.totalBytes >= Self.streamedBytes, record.shards == 1 {
        record.pageSize = pageSize
        record.headerSize = headerSize
      }
      return record
    }
    record.part = shard
    record.pageSize = pageSize
    record.headerSize = headerSize
    return record
  }

  /// Inputs of this size and more go to disk as they come.
  private static let streamedBytes = 16 << 20

  /// The names of the data files of part `shard` for a set.
  func partNames(_ shard: Int, _ set: DocumentSet) -> [String] {
    let record = partOptions(shard)
    let names = record.fileNames(name(set))
    return record.part.map { [names[$0]] } ?? names
  }

  /// All files of a set have pages of one size, which must be known before the first is written: for
  /// small shards one that holds all rows of a shard, for others 32 MiB, 4 MiB where there is one shard of
  /// less than 1 GiB (its last blob page is seldom full); and at least a row.
  private var pageSize: Int {
    let row = 64 + 5 * options.sequenceLength * (1 + options.rowColumns.count)
    let shard = min(shards.size, 1 << 26) * 6 * (1 + options.rowColumns.count)
    let isAlone = shards.count == 1 && shards.totalBytes < 1 << 30
    let wanted = max(row, min(shard, isAlone ? 4 << 20 : 32 << 20))
    return min(max((wanted + 4095) / 4096 * 4096, 64 << 10), 256 << 20)
  }

  /// Room for the names of all files, and for the list of pages: 25,000 of 32 MiB, a good many more than
  /// are needed of smaller ones.
  private var headerSize: Int {
    let names = outputNames.reduce(4096) { $0 + $1.utf8.count * 2 + 16 }
    let pages = pageSize >= 32 << 20 ? 8 << 20 : pageSize >= 4 << 20 ? 1 << 20 : 256 << 10
    return min((names + pages + 4095) / 4096 * 4096, 128 << 20)
  }

  /// What the record files say of themselves.
  var recordSchema: RecordSchema {
    RecordSchema(schema, description: options.task.description(options.compatibility))
  }
}
