internal import DSXCore
internal import Text

/// Turns blocks of raw documents into ids, on one thread: texts, the verdict of the quality stage,
/// encoding, the end-of-text id.
struct BlockEncoder {
  private var texts: DocumentTexts
  private let documents: DocumentEncoder

  /// Throws what `ChatEncoder.init` throws.
  init(_ rules: EncodingRules, card: CardCollector.Share?) throws(DSXError) {
    texts = DocumentTexts(rules)
    documents = try DocumentEncoder(rules, card: card)
  }

  /// The ids of a block. Throws what `DocumentTexts.forEach` throws.
  mutating func encode(_ numbered: NumberedBlock) throws(DSXError) -> EncodedBlock {
    let block = numbered.block
    var result = EncodedBlock()
    result.inputBytes = block.inputBytes
    result.ids.reserveCapacity(block.bytes.count / 3)
    var counts = DocumentTexts.Counts()
    var ordinal = numbered.firstText
    let documents = documents
    for document in block.documents {
      try texts.forEach(document, of: block, &counts) { text in
        documents.encode(text, document, ordinal, into: &result)
        ordinal += 1
      }
      if let error = documents.takeFailure() {
        if let refused = texts.refused(error, document, block) { throw refused }
        counts.badRows += 1
      }
    }
    result.skippedDocuments = counts.skipped
    result.filteredDocuments = counts.filtered
    result.skippedRows = counts.badRows
    result.skippedMembers = block.skippedMembers
    result.cleanedDocuments = texts.takeCleaned()
    return result
  }
}

/// Encodes texts one by one. A class, so that a closure that is handed one text after the other can
/// use it without copying the encoder's tables.
private final class DocumentEncoder {
  private let rules: EncodingRules
  private let names: [String]
  private var encoder: any TokenEncoder
  private var scan: QualityScan?
  private let card: CardCollector.Share?
  private var chat: ChatEncoder?
  /// Why the last conversation was refused.
  private var failure: DSXError?

  init(_ rules: EncodingRules, card: CardCollector.Share?) throws(DSXError) {
    chat = try rules.chat.map { (rules) throws(DSXError) in try ChatEncoder(rules) }
    self.rules = rules
    self.card = card
    names = rules.decoding.inputs.map(\.name)
    encoder = rules.makeEncoder()
    // Filters that look at one document alone need no scan of the whole before.
    if rules.drops == nil { scan = rules.quality?.makeScan() }
  }

  /// Appends the ids of a text, or what is told of one that is dropped.
  func encode(
    _ text: UnsafeRawBufferPointer, _ document: DocumentBlock.Document, _ ordinal: Int,
    into result: inout EncodedBlock
  ) {
    let place = DocumentPlace(input: document.file, byte: document.offset)
    if let stage = rules.quality,
      let reason = rules.drops?.reason(ordinal) ?? scan?.note(text).drop
    {
      result.dropped[reason.rule, default: 0] += 1
      DroppedDocument(place: place, reason: reason).write(
        text, stage: stage, names: names, into: &result.droppedLines)
      card?.statistics.addDropped(reason.rule, place: place, bytes: text.count)
      return
    }
    let start = result.ids.count
    if chat != nil {
      guard converse(text, into: &result) else { return }
    } else {
      encoder.encode(text, into: &result.ids)
    }
    let tokens = result.ids.count - start
    var unknown = 0
    if let id = rules.unknown {
      for position in start..<result.ids.count where result.ids[position] == id { unknown += 1 }
    }
    card?.statistics.add(text, place: place, tokens: tokens, unknown: unknown)
    result.unknownTokens += unknown
    // A chat template ends its conversations itself.
    if chat == nil { result.ids.append(rules.endOfText) }
    result.documents.append(
      EncodedBlock.Document(
        count: result.ids.count - start, file: document.file,
        set: rules.split?.set(of: text) ?? .train))
  }
  /// Appends the ids and labels of a conversation; false when it is refused.
  private func converse(_ text: UnsafeRawBufferPointer, into result: inout EncodedBlock) -> Bool {
    do throws(DSXError) {
      try chat?.encode(text, base: 0, ids: &result.ids, labels: &result.labels)
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// Why a conversation was refused since the last call.
  func takeFailure() -> DSXError? {
    defer { failure = nil }
    return failure
  }
}
