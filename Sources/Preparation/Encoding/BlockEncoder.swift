internal import DSXCore
internal import Text

/// Turns blocks of raw documents into ids, on one thread: checks UTF-8, makes line ends LF, cleans,
/// encodes, appends the end-of-text id.
struct BlockEncoder {
  private let rules: EncodingRules
  private var encoder: any TokenEncoder
  private var text: [UInt8] = []

  init(_ rules: EncodingRules) {
    self.rules = rules
    encoder = rules.makeEncoder()
  }

  /// The ids of a block. Throws `malformed`, with file, line and byte, for text that is not UTF-8
  /// (unless the policy says otherwise) and for a line that is not the JSON that the task needs.
  mutating func encode(_ block: DocumentBlock) throws(DSXError) -> EncodedBlock {
    var result = EncodedBlock()
    result.inputBytes = block.bytes.count
    result.ids.reserveCapacity(block.bytes.count / 3)
    for document in block.documents {
      let start = result.ids.count
      try encode(document, of: block.bytes, into: &result)
      let added = result.ids.count - start
      guard added > 0 else { continue }
      if let last = result.runs.indices.last, result.runs[last].stream == document.stream {
        result.runs[last].count += added
      } else {
        result.runs.append(EncodedBlock.Run(stream: document.stream, count: added))
      }
    }
    if let unknown = rules.unknown {
      result.unknownTokens = result.ids.reduce(into: 0) { $0 += $1 == unknown ? 1 : 0 }
    }
    return result
  }

  private mutating func encode(
    _ document: DocumentBlock.Document, of bytes: [UInt8], into result: inout EncodedBlock
  ) throws(DSXError) {
    // Typed errors do not pass through the standard library's closures: carried out by hand.
    var failure: DSXError?
    bytes.withUnsafeBytes { buffer in
      let raw = UnsafeRawBufferPointer(rebasing: buffer[document.range])
      do throws(DSXError) {
        try encode(document, raw, into: &result)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func encode(
    _ document: DocumentBlock.Document, _ raw: UnsafeRawBufferPointer,
    into result: inout EncodedBlock
  ) throws(DSXError) {
    if let bad = UTF8Validation.firstInvalid(raw) {
      switch rules.badUTF8 {
      case .error: throw badUTF8(document, bad)
      case .skip:
        result.skippedDocuments += 1
        return
      case .replace:
        text.removeAll(keepingCapacity: true)
        UTF8Repair.append(raw, to: &text)
      }
    } else if rules.task == .pangu, !LineEnds.hasCarriageReturn(raw) {
      // The common case: nothing to change, nothing to copy.
      add(raw, to: &result)
      return
    } else {
      text.removeAll(keepingCapacity: true)
      text.append(contentsOf: raw)
    }
    LineEnds.makeLineFeeds(&text)
    switch rules.task {
    case .pangu: addText(0..<text.count, to: &result)
    case .panguWiki: addWikitext(to: &result)
    case .lambada: try addLine(document, to: &result)
    case .tnews, .cmrc2018, .gpt2Wikitext:
      throw DSXError(.internal, "a task with examples has no documents")
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

  private mutating func addLine(_ document: DocumentBlock.Document, to result: inout EncodedBlock)
    throws(DSXError)
  {
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
      throw located(error, document.file, place)
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

  private func badUTF8(_ document: DocumentBlock.Document, _ bad: Int) -> DSXError {
    let error = DSXError(
      .malformed, "the text is not valid UTF-8",
      hint: "--on-bad-utf8 replace puts U+FFFD in its place, skip leaves the document out")
    return located(error, document.file, document.offset + bad)
  }

  private func located(_ error: DSXError, _ file: Int, _ byte: Int) -> DSXError {
    var error = error
    error.location = DSXError.Location(
      file: rules.paths[file], line: LineNumber.of(byte: byte, in: rules.paths[file]), byte: byte)
    return error
  }
}
