public import DSXCore

/// How a table file is to be read. The defaults are strict and infer every column's type.
public struct TableOptions: Sendable {
  /// Where the names of a CSV file's columns come from.
  public enum Header: Sendable, Equatable {
    /// The first row names the columns.
    case firstRow
    /// There is no header: the columns are `column_0`, `column_1`, ...
    case none
    /// There is no header: these are the names.
    case names([String])
  }

  /// The format; nil goes by the file's extension.
  public var format: TableFormat?
  /// The byte between the fields of CSV: an ASCII character but quote, CR and LF. nil: comma, or tab for TSV.
  public var delimiter: UInt8?
  /// The byte around fields of CSV; nil when no field is quoted and quotes are plain text.
  public var quote: UInt8? = UInt8(ascii: "\"")
  /// Where the names of a CSV file's columns come from.
  public var header: Header = .firstRow
  /// How the text is written as bytes.
  public var encoding: TextEncoding = .automatic
  /// Declared types, by column name; columns without one are inferred. `isNullable` allows missing values, `shape`
  /// makes a typed list column of a JSON array.
  public var features: [Field] = []
  /// The columns wanted, in this order; nil for all of the file's, in the file's order.
  public var columns: [String]?
  /// What is done with bad rows.
  public var onBadRow: BadRowPolicy = .refuse
  /// Cells of CSV, besides empty ones, that mean a missing value in a column of numbers: `NA`, `null`.
  public var nullTexts: [String] = []
  /// CSV: stray and unclosed quotes are taken as text, as libcsv does, instead of being refused.
  public var isLenient = false
  /// Rows of a batch.
  public var batchRows = 1024
  /// Threads that a reader may use. Results do not depend on it.
  public var threads = 1
  /// The longest row, in bytes, before it is refused.
  public var maximumRowBytes = 64 << 20

  /// Bytes of CSV that are read as one: their text and borders stay in a core's cache while their columns are made.
  /// Results do not depend on it.
  var chunkBytes = 1 << 19

  /// Whether messages say which of `dsx datasets`' options may help.
  public var namesOptions = true

  /// Strict, inferred, one thread.
  public init() {}
}
