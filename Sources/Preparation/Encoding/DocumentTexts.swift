internal import DSXCore

/// Turns raw documents into the texts that are encoded, on one thread: decoding, then what the task asks
/// for. Every step of a preparation sees the same texts.
struct DocumentTexts {
  /// What became of documents that gave no text.
  struct Counts: Sendable {
    /// Left out because they are not valid UTF-8.
    var skipped = 0
    /// Rows without the text that was asked for, left out.
    var badRows = 0
    /// Pieces that the task leaves out: headings, blank lines; documents that nothing is left of.
    var filtered = 0
  }

  private let rules: EncodingRules
  private var decoder: DocumentDecoder
  private var text: [UInt8] = []

  init(_ rules: EncodingRules) {
    self.rules = rules
    decoder = DocumentDecoder(rules.decoding)
  }

  /// For each cleaning rule, how many documents it changed since the last call.
  mutating func takeCleaned() -> [Int] { decoder.takeChanged() }

  /// Hands each text of a document to `body`: none, one, or several under a rule that holds whole files.
  ///
  /// Throws what `DocumentDecoder.decode` throws, and `malformed` for a line that is not the JSON that
  /// the task needs.
  mutating func forEach(
    _ document: DocumentBlock.Document, of block: DocumentBlock, _ counts: inout Counts,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DSXError) {
    // Typed errors do not pass through the standard library's closures: carried out by hand.
    var failure: DSXError?
    block.bytes.withUnsafeBytes { buffer in
      let raw = UnsafeRawBufferPointer(rebasing: buffer[document.range])
      do throws(DSXError) {
        try forEach(document, block, raw, &counts, body)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func forEach(
    _ document: DocumentBlock.Document, _ block: DocumentBlock, _ raw: UnsafeRawBufferPointer,
    _ counts: inout Counts, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DSXError) {
    let outcome = try decoder.decode(document, of: block, raw)
    switch outcome {
    case .badUTF8: counts.skipped += 1
    case .badRow: counts.badRows += 1
    // The common case: nothing changed, nothing to copy.
    case .unchanged where rules.task == .pangu && !raw.isEmpty: body(raw)
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
          counts.filtered += 1
        } else {
          hand(0..<text.count, body)
        }
      case .panguWiki: wikitext(&counts, body)
      case .lambada: try line(document, block, &counts, body)
      case .chat:
        if PythonWhitespace.trimmed(text, 0..<text.count).isEmpty {
          counts.filtered += 1
        } else {
          hand(0..<text.count, body)
        }
      case .tnews, .cmrc2018, .gpt2Wikitext:
        throw DSXError(.internal, "a task with examples has no documents")
      }
    }
  }

  private mutating func wikitext(
    _ counts: inout Counts, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
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
        counts.filtered += 1
      } else {
        hand(piece, body)
      }
    }
  }

  private mutating func line(
    _ document: DocumentBlock.Document, _ block: DocumentBlock, _ counts: inout Counts,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DSXError) {
    if rules.compatibility == nil, PythonWhitespace.trimmed(text, 0..<text.count).isEmpty {
      counts.filtered += 1
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
      hand(0..<text.count, body)
    case .failure(let error):
      let place = document.offset + (error.location.byte ?? 0)
      throw decoder.located(error, document, block, place)
    }
  }

  /// An error about a document's text, at its place; nil when the policy leaves bad rows out.
  func refused(
    _ error: DSXError, _ document: DocumentBlock.Document, _ block: DocumentBlock
  ) -> DSXError? {
    guard rules.decoding.options.badRow == .error else { return nil }
    let byte = document.offset + (error.location.byte ?? 0)
    return decoder.located(error, document, block, byte)
  }

  private func hand(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    text.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
