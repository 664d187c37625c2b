internal import DSXCore
internal import Text

/// Turns blocks of raw documents into ids, on one thread: checks UTF-8, makes line ends LF, cleans,
/// encodes, appends the end-of-text id.
struct BlockEncoder {
  private let rules: EncodingRules
  private var decoder: DocumentDecoder
  private var encoder: any TokenEncoder
  private var text: [UInt8] = []

  init(_ rules: EncodingRules) {
    self.rules = rules
    decoder = DocumentDecoder(rules.decoding)
    encoder = rules.makeEncoder()
  }

  /// The ids of a block. Throws `malformed`, with file, line and byte, for text that is not UTF-8
  /// (unless the policy says otherwise) and for a line that is not the JSON that the task needs.
  mutating func encode(_ block: DocumentBlock) throws(DSXError) -> EncodedBlock {
    var result = EncodedBlock()
    result.inputBytes = block.inputBytes
    result.ids.reserveCapacity(block.bytes.count / 3)
    for document in block.documents {
      let start = result.ids.count
      try encode(document, of: block, into: &result)
      let added = result.ids.count - start
      guard added > 0 else { continue }
      if let last = result.runs.indices.last, result.runs[last].stream == document.stream {
        result.runs[last].count += added
      } else {
        result.runs.append(EncodedBlock.Run(stream: document.stream, count: added))
      }
    }
    result.cleanedDocuments = decoder.takeChanged()
    if let unknown = rules.unknown {
      result.unknownTokens = result.ids.reduce(into: 0) { $0 += $1 == unknown ? 1 : 0 }
    }
    return result
  }

  private mutating func encode(
    _ document: DocumentBlock.Document, of block: DocumentBlock, into result: inout EncodedBlock
  ) throws(DSXError) {
    // Typed errors do not pass through the standard library's closures: carried out by hand.
    var failure: DSXError?
    block.bytes.withUnsafeBytes { buffer in
      let raw = UnsafeRawBufferPointer(rebasing: buffer[document.range])
      do throws(DSXError) {
        try encode(document, block, raw, into: &result)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func encode(
    _ document: DocumentBlock.Document, _ block: DocumentBlock, _ raw: UnsafeRawBufferPointer,
    into result: inout EncodedBlock
  ) throws(DSXError) {
    let outcome = try decoder.decode(document, of: block, raw)
    switch outcome {
    case .badUTF8: result.skippedDocuments += 1
    case .badRow: result.skippedRows += 1
    case .unchanged where rules.task == .pangu && !raw.isEmpty: add(raw, to: &result)
    case .unchanged, .changed:
      text.removeAll(keepingCapacity: true)
      if outcome == .changed {
        text.append(contentsOf: decoder.text)
      } else {
        text.append(contentsOf: raw)
      }
      switch rules.task {
      case .pangu:
        // Blank lines, rows without text, documents that cleaning left nothing of.
        if text.isEmpty, rules.compatibility == nil {
          result.filteredDocuments += 1
        } else {
          addText(0..<text.count, to: &result)
        }
      case .panguWiki: addWikitext(to: &result)
      case .lambada: try addLine(document, block, to: &result)
      }
    }
  }

  private mutating func addWikitext(to result: inout EncodedBlock) {
    WikitextCleaning.clean(&text)
    let pieces: [Range<Int>]
    if rules.compatibility == nil {
      // Blanks at line ends go with the clean-up; at the ends of a document no line end shows them.
      pieces = [PythonWhitespace.trimmed(text, 0..<text.count)]
    } else {
      pieces = LineEnds.paragraphs(text)
    }
    for piece in pieces {
      if WikitextCleaning.isHeading(text, piece) {
        result.filteredDocuments += 1
      } else {
        addText(piece, to: &result)
      }
    }
  }

  private mutating func addLine(
    _ document: DocumentBlock.Document, _ block: DocumentBlock, to result: inout EncodedBlock
  ) throws(DSXError) {
    if rules.compatibility == nil, PythonWhitespace.trimmed(text, 0..<text.count).isEmpty {
      result.filteredDocuments += 1
      return
    }
    var line: Result<[UInt8], DSXError> = .success([])
    text.withUnsafeBytes { bytes in
      do throws(DSXError) {
        line = .success(try LambadaLine.text(bytes))
      } catch {
        line = .failure(error)
      }
    }
    switch line {
    case .success(let bytes):
      text = bytes
      addText(0..<text.count, to: &result)
    case .failure(let error):
      let place = document.offset + (error.location.byte ?? 0)
      throw decoder.located(error, document, block, place)
    }
  }

  private mutating func addText(_ range: Range<Int>, to result: inout EncodedBlock) {
    let piece = text
    piece.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[range]), to: &result) }
  }

  private mutating func add(_ text: UnsafeRawBufferPointer, to result: inout EncodedBlock) {
    encoder.encode(text, into: &result.ids)
    result.ids.append(rules.endOfText)
    result.documents += 1
  }
}
