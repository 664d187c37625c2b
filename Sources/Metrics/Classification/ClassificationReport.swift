internal import Glibc

/// Precision, recall, F1 and support of every label and of the averages, as scikit-learn's
/// `classification_report` and, with `style` seqeval, as that library's.
public struct ClassificationReport: Sendable, Equatable {
  /// One line.
  public struct Row: Sendable, Equatable {
    /// A label, `accuracy`, or `macro avg` and so on.
    public var name: String
    /// Its scores; for accuracy all three are the accuracy.
    public var scores: PrecisionRecall
  }
  /// Whose layout the text has.
  public enum Style: Sendable, Equatable {
    /// scikit-learn 1.9.
    case sklearn
    /// seqeval 1.2.2: no accuracy line.
    case seqeval
  }

  /// A row a label, in order.
  public let labels: [Row]
  /// `accuracy` or `micro avg`, then `macro avg` and `weighted avg`.
  public let averages: [Row]
  /// The layout.
  public let style: Style
  /// scikit-learn prints supports as `3.0` when not one answer is right.
  private let hasDecimals: Bool

  /// The report of a confusion matrix over named labels.
  ///
  /// `selected` labels only, when given: then `micro avg` takes the place of accuracy, as in scikit-learn.
  public init(
    _ matrix: ConfusionMatrix, names: [String], zeroDivision: ZeroDivision = .zero,
    selected: [Int]? = nil
  ) {
    let counts = matrix.counts
    let tallies = counts.tallies
    let all = tallies.perLabel(zeroDivision: zeroDivision)
    let chosen = (selected ?? Array(all.indices)).filter {
      all.indices.contains($0) && names.indices.contains($0)
    }
    labels = chosen.map { Row(name: names[$0], scores: all[$0]) }
    func row(_ average: LabelAverage) -> Row {
      Row(
        name: average.signature + " avg",
        scores: tallies.averaged(average, zeroDivision: zeroDivision, selected: chosen))
    }
    var first = row(.micro)
    if chosen.count == all.count
      || chosen.count == Set(chosen).count && Self.covers(tallies, chosen)
    {
      let accuracy = counts.accuracy ?? .nan
      first = Row(
        name: "accuracy",
        scores: PrecisionRecall(
          precision: accuracy, recall: accuracy, f: accuracy, support: first.scores.support))
    }
    averages = [first, row(.macro), row(.weighted)]
    style = .sklearn
    hasDecimals = matrix.count > 0 && matrix.correct == 0
  }

  /// A report from rows that are known.
  init(labels: [Row], averages: [Row], style: Style) {
    self.labels = labels
    self.averages = averages
    self.style = style
    hasDecimals = false
  }

  private static func covers(_ tallies: LabelTallies, _ chosen: [Int]) -> Bool {
    let places = Set(chosen)
    return tallies.gold.indices.allSatisfy {
      places.contains($0) || (tallies.gold[$0] == 0 && tallies.predicted[$0] == 0)
    }
  }

  /// The table as text, numbers with `digits` places; the very characters of the style's library.
  public func text(digits: Int = 2) -> String {
    let names = (labels + averages).map(\.name)
    let longest = labels.map { $0.name.unicodeScalars.count }.max() ?? 0
    let width = max(longest, "weighted avg".utf8.count, digits)
    var text = Self.right("", width) + " "
    for header in ["precision", "recall", "f1-score", "support"] {
      text += " " + Self.right(header, 9)
    }
    text += "\n\n"
    for (index, row) in (labels + averages).enumerated() {
      if index == labels.count { text += "\n" }
      text += Self.right(names[index], width) + " "
      let isAccuracy = style == .sklearn && index == labels.count && row.name == "accuracy"
      let scores = row.scores
      if isAccuracy {
        text += String(repeating: " ", count: 20)
        text += " " + Self.right(Self.fixed(scores.f, digits), 9)
      } else {
        for value in [scores.precision, scores.recall, scores.f] {
          text += " " + Self.right(Self.fixed(value, digits), 9)
        }
      }
      text += " " + Self.right(support(scores.support), 9) + "\n"
    }
    return text
  }

  private func support(_ value: Double) -> String {
    let isWhole = value == value.rounded() && abs(value) < 1e15
    return isWhole ? String(Int(value)) + (hasDecimals ? ".0" : "") : "\(value)"
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
  }

  /// `%.*f`, with `nan` for what is not a number.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(clamping: digits), value]) {
      vsnprintf(&buffer, buffer.count, "%.*f", $0)
    }
    return String(decoding: buffer.prefix(max(0, Int(count))).map(UInt8.init), as: UTF8.self)
  }
}
