internal import DSXCore

/// Where the documents of one set go in the encoding step: to rows and a record file, or to a spool
/// when documents or rows are shuffled afterwards.
final class SetSink: @unchecked Sendable {
  private let set: DocumentSet
  private var packer: RowPacker?
  private var records: RecordPart?
  private var spool: TokenSpoolWriter?
  private(set) var counts = PreparationCounts()

  init(_ context: PreparationContext, shard: Int, set: DocumentSet, folder: String)
    throws(DSXError)
  {
    self.set = set
    let shuffle = context.options.shuffle
    if shuffle != .documents { packer = context.packer }
    if shuffle == .none {
      records = try RecordPart(context, shard: shard, set: set, folder: folder)
    } else {
      spool = try TokenSpoolWriter(folder: folder, name: "\(set)")
    }
  }

  /// Items in the spool.
  var items: Int { spool?.count ?? 0 }

  /// Takes the documents of a block that belong to the set.
  func add(_ block: EncodedBlock) throws(DSXError) {
    var failure: DSXError?
    block.ids.withUnsafeBufferPointer { ids in
      block.labels.withUnsafeBufferPointer { labels in
        do throws(DSXError) {
          try add(block.documents, ids, labels.isEmpty ? nil : labels)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    try hand(all: false)
  }

  private func add(
    _ documents: [EncodedBlock.Document], _ ids: UnsafeBufferPointer<Int32>,
    _ labels: UnsafeBufferPointer<Int32>?
  ) throws(DSXError) {
    var start = 0
    for document in documents {
      let range = start..<start + document.count
      start = range.upperBound
      guard document.set == set else { continue }
      counts.documents += 1
      counts.tokens += range.count
      let own = UnsafeBufferPointer(rebasing: ids[range])
      let labels = labels.map { UnsafeBufferPointer(rebasing: $0[range]) }
      if packer != nil {
        packer?.add(own, labels: labels, file: document.file)
      } else {
        try spool?.append(document: own, labels: labels)
      }
    }
  }

  /// Ends the last row.
  func endRows() throws(DSXError) {
    packer?.finish()
    try hand(all: true)
    counts.rows = records?.rows ?? 0
    counts.droppedTokens = packer?.droppedTokens ?? 0
    counts.paddingTokens = packer?.paddingTokens ?? 0
  }

  /// Writes what is left: headers and indexes, or the end of the spool.
  func finish() throws(DSXError) {
    try records?.finish()
    try spool?.finish()
  }

  private func hand(all: Bool) throws(DSXError) {
    while let rows = packer?.take(all: all) {
      if let records { try records.append(rows) } else { try spool?.append(rows) }
    }
  }
}
