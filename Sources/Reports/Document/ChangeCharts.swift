/// Changes against a baseline, one a line, in their own standard errors: a dot and its interval over
/// a band of what is noise. Right is better.
public struct ForestPlot: Sendable, Equatable {
  /// One change.
  public struct Row: Sendable, Equatable {
    /// What changed, e.g. `cmrc2018 f1`.
    public var label: String
    /// The change in standard errors, positive for the better.
    public var change: Double
    /// The lower end of its interval, in the same unit.
    public var low: Double
    /// The upper end of the interval, in the same unit.
    public var high: Double
    /// What the test says: shown as shape, colour and word.
    public var status: Status
    /// The word, e.g. `worse`.
    public var outcome: String
    /// The numbers in words, shown when pointed at.
    public var note: String

    /// A change.
    public init(
      label: String, change: Double, low: Double, high: Double, status: Status, outcome: String,
      note: String
    ) {
      self.label = label
      self.change = change
      self.low = low
      self.high = high
      self.status = status
      self.outcome = outcome
      self.note = note
    }
  }

  /// The changes, top to bottom.
  public var rows: [Row]
  /// Changes up to this are noise.
  public var noise: Double
  /// What the chart shows, for those who cannot see it.
  public var summary: String

  /// A plot.
  public init(rows: [Row], noise: Double = 1.96, summary: String) {
    self.rows = rows
    self.noise = noise
    self.summary = summary
  }
}

/// A number over runs, with a band of its error, a line for the baseline and marks where something
/// else changed.
public struct TrendChart: Sendable, Equatable {
  /// One run.
  public struct Point: Sendable, Equatable {
    /// The run, e.g. its date.
    public var label: String
    /// The value; nil: none.
    public var value: Double?
    /// Half the height of the band.
    public var margin: Double?
    /// The ends of the band, where they are not `value ± margin`.
    public var ends: ClosedRange<Double>?
    /// What changed with this run, in words: `model`, `data`.
    public var changed: [String]
    /// How the run went; nil: not said.
    public var status: Status?

    /// The band of a value: its own ends, else the margin around it; nothing beyond `range`.
    func band(_ value: Double, in range: ClosedRange<Double>) -> ClosedRange<Double> {
      if let ends { return ends }
      let half = margin.flatMap { $0.isFinite ? abs($0) : nil } ?? 0
      let low = min(value, max(value - half, range.lowerBound))
      return low...max(value, min(value + half, range.upperBound))
    }

    /// A run.
    public init(
      _ label: String, _ value: Double?, margin: Double? = nil,
      ends: ClosedRange<Double>? = nil, changed: [String] = [],
      status: Status? = nil
    ) {
      self.label = label
      self.value = value
      self.margin = margin
      self.ends = ends
      self.changed = changed
      self.status = status
    }
  }

  /// The runs, oldest first.
  public var points: [Point]
  /// The baseline's value.
  public var baseline: Double?
  /// The values that the number can take: the axis and the bands end there.
  public var range: ClosedRange<Double> = -.infinity ... .infinity
  /// What a point is, for the legend.
  public var pointMeaning = "night"
  /// What the line across is, for the legend.
  public var baselineMeaning = "baseline"
  /// What the number is, for the words shown when pointed at.
  public var name: String
  /// What the chart shows, for those who cannot see it.
  public var summary: String

  /// A trend.
  public init(points: [Point], baseline: Double? = nil, name: String, summary: String) {
    self.points = points
    self.baseline = baseline
    self.name = name
    self.summary = summary
  }
}

/// The last values of a number, as small as a word.
public struct Sparkline: Sendable, Equatable {
  /// The values, oldest first; nil: none.
  public var values: [Double?]
  /// How the last one is: its shape.
  public var status: Status

  /// A line.
  public init(_ values: [Double?], status: Status = .neutral) {
    self.values = values
    self.status = status
  }
}

/// How sure answers were against how often they were right.
public struct ReliabilityDiagram: Sendable, Equatable {
  /// Answers of about the same confidence.
  public struct Bin: Sendable, Equatable {
    /// Their mean confidence, 0...1.
    public var confidence: Double
    /// The share of right ones, 0...1.
    public var accuracy: Double
    /// How many.
    public var count: Int
    /// The ends of the bin.
    public var lower: Double
    /// The upper end.
    public var upper: Double

    /// A bin.
    public init(confidence: Double, accuracy: Double, count: Int, lower: Double, upper: Double) {
      self.confidence = confidence
      self.accuracy = accuracy
      self.count = count
      self.lower = lower
      self.upper = upper
    }
  }

  /// The bins, from unsure to sure.
  public var bins: [Bin]
  /// What the chart shows, for those who cannot see it.
  public var summary: String

  /// A diagram.
  public init(bins: [Bin], summary: String) {
    self.bins = bins
    self.summary = summary
  }
}

/// Which worker did what when, and how fast.
public struct Timeline: Sendable, Equatable {
  /// A piece of work.
  public struct Span: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The worker's line, from 0.
    public var line: Int
    /// Seconds from the start.
    public var start: Double
    /// The end, in seconds from the start of the run.
    public var end: Double
    /// Good as it should be; warning: done again; bad: failed.
    public var status: Status

    /// A piece.
    public init(name: String, line: Int, start: Double, end: Double, status: Status) {
      self.name = name
      self.line = line
      self.start = start
      self.end = end
      self.status = status
    }
  }

  /// The pieces.
  public var spans: [Span]
  /// Units a second, in slices of equal length from the start.
  public var throughput: [Double]
  /// What the throughput counts, e.g. `examples`.
  public var unit: String
  /// What the chart shows, for those who cannot see it.
  public var summary: String

  /// A timeline.
  public init(spans: [Span], throughput: [Double], unit: String, summary: String) {
    self.spans = spans
    self.throughput = throughput
    self.unit = unit
    self.summary = summary
  }
}
