internal import DSXCore

/// Turns the raw bytes of documents into their text, on one thread: checks UTF-8, takes the text out of
/// its row, makes line ends LF, cleans.
struct DocumentDecoder {
  /// What the decoder needs to know. Shared by all workers.
  struct Settings: Sendable {
    var inputs: [InputFile]
    var options: DocumentOptions
    var badUTF8: BadUTF8Policy
  }

  /// What became of a document.
  enum Outcome: Hashable, Sendable {
    /// Its raw bytes are its text.
    case unchanged
    /// Its text stands in `text`.
    case changed
    /// It is not valid UTF-8, and such documents are left out.
    case badUTF8
    /// It is a row without the text that was asked for, and such rows are left out.
    case badRow
  }

  private let settings: Settings
  private let field: [String]
  private var parsers: [UInt8: CSVRowParser] = [:]
  /// The text of the document that was decoded last, when its outcome is `changed`.
  private(set) var text: [UInt8] = []
  /// For each cleaning rule, in order, how many documents it changed.
  private(set) var changed: [Int]

  init(_ settings: Settings) {
    self.settings = settings
    field = settings.options.textField.utf8.split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    changed = Array(repeating: 0, count: settings.options.cleaning.rules.count)
  }

  /// Decodes a document, whose bytes are `raw`. Throws `malformed`, with file, line and byte, for what
  /// is no UTF-8 or no row, unless the policies say otherwise.
  mutating func decode(
    _ document: DocumentBlock.Document, of block: DocumentBlock, _ raw: UnsafeRawBufferPointer
  ) throws(DSXError) -> Outcome {
    let cleaning = settings.options.cleaning
    if let bad = UTF8Validation.firstInvalid(raw) {
      switch settings.badUTF8 {
      case .error:
        throw located(
          DSXError(
            .malformed, "the text is not valid UTF-8",
            hint: "--on-bad-utf8 replace puts U+FFFD in its place, skip leaves the document out"),
          document, block, document.offset + bad)
      case .skip: return .badUTF8
      case .replace:
        text.removeAll(keepingCapacity: true)
        UTF8Repair.append(raw, to: &text)
      }
    } else if document.form == .text, cleaning.isEmpty, !LineEnds.hasCarriageReturn(raw) {
      // The common case: nothing to change, nothing to copy.
      return .unchanged
    } else {
      text.removeAll(keepingCapacity: true)
      text.append(contentsOf: raw)
    }
    if document.form != .text {
      do throws(DSXError) {
        text = try row(document.form)
      } catch {
        if settings.options.badRow == .skip { return .badRow }
        var error = error
        if error.hint == nil { error.hint = "--on-bad-row skip leaves such rows out" }
        throw located(error, document, block, document.offset + (error.location.byte ?? 0))
      }
    }
    LineEnds.makeLineFeeds(&text)
    cleaning.apply(to: &text, changed: &changed)
    return .changed
  }

  /// The counts so far of `changed`, which begin anew.
  mutating func takeChanged() -> [Int] {
    defer { changed = Array(repeating: 0, count: changed.count) }
    return changed
  }

  /// `error` with the place of byte `byte` of the document's text. Reads the input once more to find
  /// the line.
  func located(
    _ error: DSXError, _ document: DocumentBlock.Document, _ block: DocumentBlock, _ byte: Int
  ) -> DSXError {
    let member = document.member >= 0 ? block.members[document.member] : nil
    var error = error
    error.location = TextLocation.of(
      settings.inputs[document.file], member, byte: byte, settings.options)
    return error
  }

  /// The text of the row in `text`.
  private mutating func row(_ form: DocumentBlock.Form) throws(DSXError) -> [UInt8] {
    switch form {
    case .text: return text
    case .jsonRow: return try jsonRow()
    case .csvRow(let column, let width, let delimiter):
      let parser: CSVRowParser
      if let known = parsers[delimiter] {
        parser = known
      } else {
        parser = try CSVRowParser(delimiter: delimiter)
        parsers[delimiter] = parser
      }
      var failure: DSXError?
      text.withUnsafeBytes { bytes in
        do throws(DSXError) { try parser.parse(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
      guard parser.ends.count == width else {
        throw DSXError(
          .malformed, "the row has \(parser.ends.count) fields, the header \(width)")
      }
      return Array(parser.field(column))
    }
  }

  private func jsonRow() throws(DSXError) -> [UInt8] {
    let value = try JSONParser.parse(text)
    let name = settings.options.textField
    guard value.object != nil else {
      throw DSXError(.malformed, "the row is not a JSON object")
    }
    // A member whose own name holds dots wins over a path.
    var found = value[name]
    if found == nil, field.count > 1 {
      found = value
      for part in field { found = found?[part] }
    }
    guard let found else {
      let names = (value.object ?? []).prefix(8).map { "'\($0.name)'" }.joined(separator: ", ")
      throw DSXError(
        .malformed, "the row has no member '\(name)'",
        hint: "it has \(names.isEmpty ? "none" : names); --text-field names the text, "
          + "--on-bad-row skip leaves such rows out")
    }
    guard let string = found.string else {
      throw DSXError(.malformed, "the member '\(name)' of the row is not a string")
    }
    return Array(string.utf8)
  }
}
