internal import DSXCore

/// The bytes that give a CSV file its form.
struct CSVDialect: Sendable, Equatable {
  let delimiter: UInt8
  /// nil when there is no quoting.
  let quote: UInt8?

  /// The dialect of some options.
  init(_ options: TableOptions, format: TableFormat) throws(DSXError) {
    delimiter = options.delimiter ?? (format == .tsv ? 0x09 : UInt8(ascii: ","))
    quote = options.quote
    for (byte, what) in [(delimiter, "delimiter"), (quote ?? 0x22, "quote")] {
      guard byte < 0x80, byte != 0x0a, byte != 0x0d else {
        throw DSXError(
          .usage, "the \(what) must be one ASCII character that ends no line",
          hint: "for example --delimiter ';' or --delimiter tab")
      }
    }
    guard delimiter != quote else {
      throw DSXError(.usage, "the delimiter and the quote are the same character")
    }
  }

  /// The quote as the kernels take it.
  var kernelQuote: Int32 { quote.map { Int32($0) } ?? -1 }
}
