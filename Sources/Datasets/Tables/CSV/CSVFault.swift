internal import DSXCore

/// A row that cannot be used, before it has a line number: those are only counted for messages.
struct CSVFault: Sendable {
  /// What is wrong.
  enum Kind: Sendable {
    case strayQuote
    case openQuote
    case width(Int)
    case utf8
    case tooLong(Int)
    case value(column: Int, text: String)
  }

  let kind: Kind
  /// Where the row starts.
  let rowStart: Int
  /// Where the fault is.
  let position: Int
  /// The number of good rows of its chunk before it.
  let rowsBefore: Int

  /// The same with another number of good rows before it.
  func moved(to rows: Int) -> CSVFault {
    CSVFault(kind: kind, rowStart: rowStart, position: position, rowsBefore: rows)
  }

  /// The error, with its place; `row` is the number of good rows before it in the whole input.
  func error(_ window: TextWindow, _ table: CSVTable.Context, row: Int? = nil) -> DSXError {
    var message: String
    let takesOptions = table.options.namesOptions
    var hint: String?
    var place = rowStart
    var byte: Int? = position
    switch kind {
    case .strayQuote:
      message = "a quote stands where RFC 4180 allows none"
      hint = "a field with quotes, delimiters or line breaks is written \"like \"\"this\"\"\""
      if !table.options.isLenient, takesOptions { hint = (hint ?? "") + "; --lenient takes quotes as they stand" }
      place = position
    case .openQuote:
      message = "a quoted field is not closed"
      hint = "a field with quotes, delimiters or line breaks is written \"like \"\"this\"\"\""
    case .width(let count):
      message = "the row has \(count) fields, \(table.options.header == .none ? "the first row" : "the header") \(table.header.count)"
      byte = nil
    case .utf8:
      message = "the text is not valid UTF-8"
      hint = "convert the file to UTF-8 first, e.g. with iconv"
      if takesOptions { hint = "give its --encoding, or convert the file to UTF-8" }
      place = position
    case .tooLong(let limit):
      message = "a record is longer than \(limit >> 20) MiB"
      hint = "an unclosed quote swallows the rows behind it"
    case .value(let column, let text):
      let field = table.schema.fields[column]
      message = "the column '\(field.name)' is \(field.typeWords), but it holds '\(text)'"
      byte = nil
      if takesOptions {
        hint = "declare the column as string, or as nullable if empty cells are missing values"
      }
    }
    if case .value = kind {} else if case .width = kind {} else if let name = column(window, table) {
      message += ", in column '\(name)'"
    }
    if takesOptions, table.options.onBadRow == .refuse {
      hint = (hint.map { $0 + "; " } ?? "") + "--on-bad-row skip leaves such rows out"
    }
    // Offsets of decoded text say nothing about the file.
    return DSXError(
      .malformed, message, file: window.name, line: window.line(at: place), row: row,
      byte: table.isDecoded ? nil : byte, hint: hint)
  }

  /// The name of the column that the fault lies in: fields are counted from the row's start.
  private func column(_ window: TextWindow, _ table: CSVTable.Context) -> String? {
    guard rowStart >= window.base, position >= rowStart, position <= window.end else { return nil }
    var index = 0
    var isInside = false
    for at in (rowStart - window.base)..<(position - window.base) {
      let byte = window.bytes[at]
      if byte == table.dialect.quote { isInside.toggle() }
      if byte == table.dialect.delimiter, !isInside { index += 1 }
      if case .openQuote = kind, isInside { break }
    }
    return index < table.header.count ? table.header[index] : nil
  }
}

extension Field {
  /// The type as messages say it: `int64`, `bool`, `int8`.
  var typeWords: String {
    let words: String
    switch feature {
    case .plain, .file, .image: words = type.rawValue
    case .bool: words = "bool"
    case .integer(let bits, let signed): words = (signed ? "int" : "uint") + String(bits)
    case .float16: words = "float16"
    case .classLabel(let names): words = "one of \(names.count) labels"
    case .json: words = "JSON"
    case .list(let type): words = "a list of \(type.rawValue)"
    }
    return shape == nil ? words : "a list of \(words)"
  }
}
