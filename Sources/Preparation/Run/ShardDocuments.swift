internal import DSXCore
internal import Jobs
internal import Pipelines

/// The documents of one shard, through the workers and back in their order.
struct ShardDocuments {
  let context: PreparationContext
  let shard: Int

  /// Reads and encodes; `sink` gets the blocks on the calling thread.
  ///
  /// `texts` says how many texts each raw document of the shard gives, for drop lists.
  func encode(
    drops: DropList?, texts: TextTable?, card: CardCollector?,
    _ sink: (EncodedBlock) throws(DSXError) -> Void
  ) throws(DSXError) {
    let rules = context.rules(drops: drops)
    try run(
      texts,
      makeTransform: { () throws(DSXError) in
        var encoder = try BlockEncoder(rules, card: card?.makeShare())
        return { (block: NumberedBlock) throws(DSXError) -> EncodedBlock in
          try encoder.encode(block)
        }
      }, sink)
  }

  /// Reads and hands the blocks to workers.
  func run<Output: Sendable>(
    _ texts: TextTable?,
    makeTransform:
      @escaping @Sendable () throws(DSXError) -> (NumberedBlock) throws(DSXError) -> Output,
    _ sink: (Output) throws(DSXError) -> Void
  ) throws(DSXError) {
    var reader = context.reader(shard: shard)
    var (document, text) = (0, 0)
    try OrderedMap(workers: context.options.workers).run(
      source: { () throws(DSXError) -> NumberedBlock? in
        guard let block = try reader.next() else { return nil }
        let numbered = NumberedBlock(block: block, firstText: text)
        if let texts {
          text += try texts.count(document..<document + block.documents.count)
          document += block.documents.count
        }
        return numbered
      },
      makeTransform: makeTransform, sink: sink)
  }
}
