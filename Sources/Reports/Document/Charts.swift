/// Horizontal bars, one line each, from zero.
public struct BarChart: Sendable, Equatable {
  /// One bar.
  public struct Bar: Sendable, Equatable {
    /// What it stands for.
    public var label: String
    /// Its length; not negative, finite.
    public var value: Double
    /// Its standard error, drawn as a whisker of 1.96 of them to both sides.
    public var standardError: Double?
    /// Words shown when pointed at, e.g. `n = 312`.
    public var note: String?
    /// Whether it is marked (coloured and signed) as one to look at.
    public var isMarked: Bool
    /// A value to compare with, drawn as a line across the bar.
    public var reference: Double?

    /// A bar.
    public init(
      _ label: String, _ value: Double, standardError: Double? = nil, note: String? = nil,
      isMarked: Bool = false, reference: Double? = nil
    ) {
      self.reference = reference
      self.label = label
      self.value = value
      self.standardError = standardError
      self.note = note
      self.isMarked = isMarked
    }
  }

  /// The bars, top to bottom.
  public var bars: [Bar]
  /// The value at the right end; nil: a round number above the largest bar.
  public var maximum: Double?
  /// Digits after the point in the numbers beside the bars.
  public var decimals: Int
  /// What the chart shows, for those who cannot see it.
  public var summary: String
  /// What a mark means, e.g. `under 0.40`.
  public var markMeaning: String?
  /// What the lines across the bars are, e.g. `baseline`.
  public var referenceMeaning: String?

  /// A chart.
  public init(
    bars: [Bar], maximum: Double? = nil, decimals: Int = 2, summary: String,
    markMeaning: String? = nil
  ) {
    self.bars = bars
    self.maximum = maximum
    self.decimals = decimals
    self.summary = summary
    self.markMeaning = markMeaning
  }

  /// The same bars, longest first; equal ones stay in order.
  public func sorted() -> BarChart {
    var copy = self
    copy.bars = bars.enumerated().sorted {
      ($1.element.value, $0.offset) < ($0.element.value, $1.offset)
    }.map(\.element)
    return copy
  }
}

/// Counts of values in bins of equal width, or with `edgeLabels` in any bins.
public struct Histogram: Sendable, Equatable {
  /// A line at a value, with words.
  public struct Marker: Sendable, Equatable {
    /// Where.
    public var value: Double
    /// What is there, e.g. `median`.
    public var label: String

    /// A marker.
    public init(_ value: Double, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  /// The left end of the first bin.
  public var lower: Double
  /// The right end of the last bin.
  public var upper: Double
  /// Values a bin.
  public var counts: [Int]
  /// Values below `lower` and at or above the last bin's end, told in words.
  public var outside: Int
  /// What the values are, with unit, under the axis.
  public var axis: String
  /// What is counted, e.g. `documents`.
  public var unit: String
  /// Lines at single values.
  public var markers: [Marker]
  /// What the chart shows, for those who cannot see it.
  public var summary: String
  /// The edges of the bins in words, one more than bins. Then every bin is drawn one wide from `lower`
  /// = 0, whatever its own width, and markers are in bins from the left; nil: edges are numbers.
  public var edgeLabels: [String]?
  /// Counts to compare with, in the same bins, drawn as a line of steps; empty: none.
  public var referenceCounts: [Int] = []
  /// What they are.
  public var referenceMeaning = "baseline"

  /// A histogram of counts.
  public init(
    lower: Double, upper: Double, counts: [Int], outside: Int = 0, axis: String,
    unit: String = "examples", markers: [Marker] = [], summary: String
  ) {
    self.lower = lower
    self.upper = upper
    self.counts = counts
    self.outside = outside
    self.axis = axis
    self.unit = unit
    self.markers = markers
    self.summary = summary
  }

  /// Counts `values` into at most `bins` bins whose edges are round numbers.
  ///
  /// Values that are not finite are counted as outside. Linear in the number of values.
  public init(
    of values: [Double], bins: Int = 30, axis: String, unit: String = "examples",
    markers: [Marker] = [], summary: String
  ) {
    let finite = values.filter(\.isFinite)
    let scale = Self.roundEdges(finite.min() ?? 0, finite.max() ?? 1, bins: max(1, bins))
    var counts = [Int](repeating: 0, count: scale.bins)
    for value in finite {
      let place = (value - scale.lower) / scale.width
      // Not a number only where the width has no room in a double: then there is one bin.
      counts[place > 0 ? Int(min(place, Double(scale.bins - 1))) : 0] += 1
    }
    self.init(
      lower: scale.lower, upper: scale.lower + Double(scale.bins) * scale.width, counts: counts,
      outside: values.count - finite.count, axis: axis, unit: unit, markers: markers,
      summary: summary)
  }
}

/// A matrix of counts with named rows and columns, coloured by the share of the row.
public struct HeatMap: Sendable, Equatable {
  /// The rows' names: what is true.
  public var rowLabels: [String]
  /// The columns' names: what was said.
  public var columnLabels: [String]
  /// `counts[row][column]`; missing ones count as 0.
  public var counts: [[Int]]
  /// What the rows are, e.g. `gold`.
  public var rowTitle: String
  /// What the columns are, e.g. `predicted`.
  public var columnTitle: String
  /// What the chart shows, for those who cannot see it.
  public var summary: String
  /// Whether the last row and column stand for several labels, whose cell is no right answer.
  public private(set) var hasRest = false

  /// A matrix.
  public init(
    rowLabels: [String], columnLabels: [String], counts: [[Int]], rowTitle: String = "gold",
    columnTitle: String = "predicted", summary: String
  ) {
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.counts = counts
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.summary = summary
  }

  /// A confusion matrix over one list of labels. Over `maximum` labels, those with the fewest
  /// gold examples are put together as the last one, `other`.
  public static func confusion(
    labels: [String], counts: [[Int]], maximum: Int = 20, summary: String
  ) -> HeatMap {
    guard labels.count > max(2, maximum) else {
      return HeatMap(rowLabels: labels, columnLabels: labels, counts: counts, summary: summary)
    }
    let support = labels.indices.map { row in
      row < counts.count ? counts[row].reduce(0, +) : 0
    }
    let ranked = labels.indices.sorted { (support[$1], $0) < (support[$0], $1) }
    let kept = ranked.prefix(max(2, maximum) - 1).sorted()
    var place = [Int](repeating: kept.count, count: labels.count)
    for (index, label) in kept.enumerated() { place[label] = index }
    var merged = [[Int]](
      repeating: [Int](repeating: 0, count: kept.count + 1), count: kept.count + 1)
    for (row, line) in counts.prefix(labels.count).enumerated() {
      for (column, count) in line.prefix(labels.count).enumerated() {
        merged[place[row]][place[column]] += count
      }
    }
    let names = kept.map { labels[$0] } + ["other (\(labels.count - kept.count))"]
    var chart = HeatMap(rowLabels: names, columnLabels: names, counts: merged, summary: summary)
    chart.hasRest = true
    return chart
  }
}
