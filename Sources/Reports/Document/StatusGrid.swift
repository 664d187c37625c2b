/// How several things (rows) went in several runs (columns).
public struct StatusGrid: Sendable, Equatable {
  /// One column.
  public struct Column: Sendable, Equatable {
    /// Its short head, e.g. `21`.
    public var title: String
    /// The whole of it, e.g. `2026-11-21, run 000127`.
    public var note: String
    /// The run's page, as a relative path.
    public var link: String?

    /// A column.
    public init(_ title: String, note: String, link: String? = nil) {
      self.title = title
      self.note = note
      self.link = link
    }
  }

  /// How one thing went in one run.
  public struct Cell: Sendable, Equatable {
    /// How it went: shown as a sign.
    public var status: Status
    /// In words.
    public var words: String

    /// A cell.
    public init(_ status: Status, _ words: String) {
      self.status = status
      self.words = words
    }
  }

  /// One row.
  public struct Row: Sendable, Equatable {
    /// What it is.
    public var label: String
    /// One a column; nil: nothing then.
    public var cells: [Cell?]

    /// A row.
    public init(_ label: String, _ cells: [Cell?]) {
      self.label = label
      self.cells = cells
    }
  }

  /// The runs, oldest first.
  public var columns: [Column]
  /// The things.
  public var rows: [Row]
  /// What the grid shows, for those who cannot see it.
  public var summary: String

  /// A grid.
  public init(columns: [Column], rows: [Row], summary: String) {
    self.columns = columns
    self.rows = rows
    self.summary = summary
  }
}

/// How days went, a column a week.
public struct CalendarMap: Sendable, Equatable {
  /// One day.
  public struct Day: Sendable, Equatable {
    /// The date, `2026-11-21`.
    public var date: String
    /// How it went.
    public var status: Status
    /// In words.
    public var words: String
    /// The run's page, as a relative path.
    public var link: String?

    /// A day.
    public init(date: String, status: Status, words: String, link: String? = nil) {
      self.date = date
      self.status = status
      self.words = words
      self.link = link
    }
  }

  /// The days, oldest first; of several of one date the last counts.
  public var days: [Day]
  /// What the calendar shows, for those who cannot see it.
  public var summary: String

  /// A calendar.
  public init(days: [Day], summary: String) {
    self.days = days
    self.summary = summary
  }
}
