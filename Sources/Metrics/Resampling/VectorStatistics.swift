public import DSXCore

/// Statistics that are a row of numbers of one length, so that many examples make one dense matrix
/// and resampling is a sum of rows.
///
/// Law: the components of a sum are the sums of the components, and
/// `init(components: s.components, count: s.count)` scores as `s` does.
public protocol VectorStatistics: MetricStatistics {
  /// The numbers, as many for every example of a metric. Counts must stay below 2^53.
  var components: [Double] { get }
  /// Statistics with these numbers, which came from `components` or sums of them.
  init(components: [Double], count: Int)
  /// Whether these statistics are such numbers; false for the odd ones that hold more. True if not given.
  var isVector: Bool { get }

  // What a table asks of all its rows. Never written by a metric; as requirements they are compiled for
  // each kind of statistics, which makes a row several times cheaper than through a hidden type.

  /// The sum of all rows and `zero`.
  static func total(of matrix: ExampleMatrix, zero: Self) throws(DSXError) -> Self
  /// The sums of the rows of each of `groups` groups; `places` names each row's.
  static func sums(of matrix: ExampleMatrix, places: [Int], groups: Int, zero: Self)
    throws(DSXError) -> [Self]
  /// The score of each row by itself.
  static func scores(of matrix: ExampleMatrix, _ score: (Self) -> Double?) -> [Double?]
  /// The scores of `whole`, the sum of all rows, without each of the rows that `rows` names.
  static func scores(
    of matrix: ExampleMatrix, without rows: [Int], whole: Self, _ score: (Self) -> Double?
  ) -> [Double?]
}

extension VectorStatistics {
  /// true
  public var isVector: Bool { true }
}

/// Statistics whose main score is right trials / all trials, so that Wilson's interval and McNemar's
/// test apply.
public protocol ProportionStatistics: MetricStatistics {
  /// Right and all trials; nil where examples count differently.
  var proportion: Proportion? { get }
}

/// Statistics whose main score is the mean of the examples' own scores.
public protocol MeanOfExamples: MetricStatistics {}

/// So many right trials of so many.
public struct Proportion: Sendable, Equatable {
  /// Right trials.
  public var hits: Int
  /// All trials.
  public var trials: Int

  /// A proportion; `0 <= hits <= trials`.
  public init(hits: Int, trials: Int) {
    self.hits = hits
    self.trials = trials
  }
}

/// A metric whose reference library resamples in single precision (sacrebleu with NumPy 2): used under
/// `compat` only, where its digits are wanted.
public protocol SinglePrecisionResampling: Metric where Statistics: VectorStatistics {
  /// The score of components that were summed in single precision, with the library's own arithmetic.
  func resampledScore(single components: [Float]) -> Double?
}

/// One of several scores that the same statistics give, e.g. precision, recall and F.
public struct NamedScore: Sendable, Equatable {
  /// Its name, e.g. `precision`; the metric's name for its main score.
  public var name: String
  /// The score; nil when it is not defined.
  public var value: Double?

  /// A score.
  public init(_ name: String, _ value: Double?) {
    self.name = name
    self.value = value
  }
}
