/// A table of formatted cells; rendered as text, Markdown, CSV and HTML.
public struct Table: Sendable, Equatable {
  /// A column's head.
  public struct Column: Sendable, Equatable {
    /// Where its cells stand.
    public enum Alignment: Sendable, Equatable {
      /// Words.
      case leading
      /// Numbers.
      case trailing
    }
    /// The heading.
    public var title: String
    /// Where its cells stand.
    public var alignment: Alignment

    /// A column of words.
    public static func words(_ title: String) -> Column {
      Column(title, alignment: .leading)
    }
    /// A column of numbers.
    public static func numbers(_ title: String) -> Column {
      Column(title, alignment: .trailing)
    }
    /// A column.
    public init(_ title: String, alignment: Alignment = .leading) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// One cell.
  public struct Cell: Sendable, Equatable {
    /// How its text is set.
    public enum Style: Sendable, Equatable {
      /// As is.
      case plain
      /// Bold: the number that the row is about.
      case strong
      /// Grey: of second importance.
      case muted
      /// Fixed width: hashes, signatures.
      case code
    }
    /// The text, formatted.
    public var text: String
    /// A grey addition after it, e.g. `± 0.0041`.
    public var note: String?
    /// How the text is set.
    public var style: Style
    /// Turns the cell into a pill with a sign.
    public var status: Status?
    /// What the cell is sorted by; nil: its text.
    public var order: Double?
    /// A page beside this one, as a relative path.
    public var link: String?
    /// A small picture of the last values, in place of the text, which it has as its description.
    public var spark: Sparkline?

    /// A cell.
    public init(
      _ text: String, note: String? = nil, style: Style = .plain, status: Status? = nil,
      order: Double? = nil, link: String? = nil, spark: Sparkline? = nil
    ) {
      self.order = order
      self.link = link
      self.spark = spark
      self.text = text
      self.note = note
      self.style = style
      self.status = status
    }

    /// A value with its standard error: digits matched, value bold, error grey.
    public static func measured(_ value: Double?, standardError: Double?) -> Cell {
      let text = NumberFormat.measured(value, standardError: standardError)
      return Cell(text.value, note: text.error.map { "± " + $0 }, style: .strong)
    }
    /// A count with thousands separators.
    public static func count(_ value: Int) -> Cell { Cell(NumberFormat.grouped(value)) }
    /// A pill.
    public static func pill(_ status: Status, _ text: String) -> Cell {
      Cell(text, status: status)
    }
  }

  /// The heads, left to right.
  public var columns: [Column]
  /// The rows. A row shorter than `columns` is filled with empty cells, a longer one is cut.
  public var rows: [[Cell]]
  /// What the table shows, for readers who cannot see it; nil: the panel's title.
  public var caption: String?
  /// Whether a page may sort and filter its rows; it is whole without.
  public var isSortable = false
  /// Whether a page may put any two rows side by side: the first column names them, the others are
  /// numbers (`Cell.order`).
  public var isComparable = false
  /// Whether a row becomes a card on a narrow screen, instead of scrolling sideways.
  public var isStacked = false

  /// A table.
  public init(columns: [Column], rows: [[Cell]], caption: String? = nil) {
    self.columns = columns
    self.rows = rows
    self.caption = caption
  }

  /// The rows, each exactly as long as `columns`.
  var squareRows: [[Cell]] {
    rows.map { row in
      row.prefix(columns.count)
        + Array(repeating: Cell(""), count: max(0, columns.count - row.count))
    }
  }
}

extension Table.Cell: ExpressibleByStringLiteral {
  /// A plain cell.
  public init(stringLiteral value: String) { self.init(value) }
}
