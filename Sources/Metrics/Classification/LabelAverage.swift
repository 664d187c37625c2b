/// How scores of single labels become one.
public enum LabelAverage: Sendable, Equatable {
  /// From the counts of all labels together.
  case micro
  /// The plain mean over the labels.
  case macro
  /// The mean over the labels weighted by their gold examples.
  case weighted
  /// The score of one label, by place.
  case label(Int)

  /// How signatures write it.
  var signature: String {
    switch self {
    case .micro: "micro"
    case .macro: "macro"
    case .weighted: "weighted"
    case .label(let place): "label-\(place)"
    }
  }
}

/// What a ratio with nothing below the line counts as.
public enum ZeroDivision: Sendable, Equatable {
  /// 0
  case zero
  /// 1
  case one
  /// Not a number; means leave such labels out.
  case undefined

  /// The number.
  public var value: Double {
    switch self {
    case .zero: 0
    case .one: 1
    case .undefined: .nan
    }
  }
  /// How signatures write it.
  var signature: String {
    switch self {
    case .zero: "0"
    case .one: "1"
    case .undefined: "nan"
    }
  }
}

/// Whether declared labels that are neither true nor predicted anywhere enter averages.
public enum AbsentLabels: String, Sendable, CaseIterable {
  /// They count, with `zeroDivision`: as scikit-learn with explicit `labels`.
  case count
  /// They are left out: as scikit-learn without `labels`, and torchmetrics.
  case skip
}

/// Precision, recall and F of one label or of an average.
public struct PrecisionRecall: Sendable, Equatable {
  /// Right among the predicted.
  public var precision: Double
  /// Right among the gold.
  public var recall: Double
  /// Their weighted harmonic mean.
  public var f: Double
  /// Number of gold examples, or the sum of their weights.
  public var support: Double
}
