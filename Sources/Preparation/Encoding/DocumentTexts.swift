internal import DSXCore

/// Turns raw documents into the texts that are encoded, on one thread: checks UTF-8, makes line ends
/// LF, cleans as the task asks for. Every step of a preparation sees the same texts.
struct DocumentTexts {
  /// What became of documents that gave no text.
  struct Counts: Sendable {
    /// Left out because they are not valid UTF-8.
    var skipped = 0
    /// Pieces that the task leaves out: headings, blank lines.
    var filtered = 0
  }

  private let rules: EncodingRules
  private var text: [UInt8] = []

  init(_ rules: EncodingRules) { self.rules = rules }

  /// Hands each text of a document to `body`: none, one, or several under a rule that holds whole files.
  ///
  /// Throws `malformed`, with file, line and byte, for text that is not UTF-8 (unless the policy says
  /// otherwise) and for a line that is not the JSON that the task needs.
  mutating func forEach(
    _ document: DocumentBlock.Document, of bytes: [UInt8], _ counts: inout Counts,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DSXError) {
    // Typed errors do not pass through the standard library's closures: carried out by hand.
    var failure: DSXError?
    bytes.withUnsafeBytes { buffer in
      let raw = UnsafeRawBufferPointer(rebasing: buffer[document.range])
      do throws(DSXError) {
        try forEach(document, raw, &counts, body)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func forEach(
    _ document: DocumentBlock.Document, _ raw: UnsafeRawBufferPointer, _ counts: inout Counts,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DSXError) {
    if let bad = UTF8Validation.firstInvalid(raw) {
      switch rules.badUTF8 {
      case .error: throw badUTF8(document, bad)
      case .skip:
        counts.skipped += 1
        return
      case .replace:
        text.removeAll(keepingCapacity: true)
        UTF8Repair.append(raw, to: &text)
      }
    } else if rules.task == .pangu, !LineEnds.hasCarriageReturn(raw) {
      // The common case: nothing to change, nothing to copy.
      body(raw)
      return
    } else {
      text.removeAll(keepingCapacity: true)
      text.append(contentsOf: raw)
    }
    LineEnds.makeLineFeeds(&text)
    switch rules.task {
    case .pangu: hand(0..<text.count, body)
    case .panguWiki: wikitext(&counts, body)
    case .lambada: try line(document, &counts, body)
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
    _ document: DocumentBlock.Document, _ counts: inout Counts,
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
      throw located(error, document.file, place)
    }
  }

  private func hand(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    text.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
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
