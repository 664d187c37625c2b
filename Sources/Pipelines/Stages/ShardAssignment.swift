/// Which rows a rank of several gets.
public enum ShardAssignment: String, CaseIterable, Sendable {
  /// Rank r takes one run of rows; of n rows each rank gets n / N, and the first n mod N ranks one more.
  /// Needs a random-access source, as the number of rows must be known.
  case contiguous
  /// Rank r takes the rows whose position in the input is r modulo N.
  case strided
}

/// What becomes of the n mod N rows that cannot be divided equally.
public enum ShardRemainder: String, CaseIterable, Sendable {
  /// Some ranks get one row more: together the ranks have every row exactly once.
  case keep
  /// Left out: every rank gets n / N rows. Needs a random-access source.
  case drop
}
