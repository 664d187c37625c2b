internal import DSXCore

/// Tercom's edit distance within a beam around the diagonal, with the operations of one best path.
///
/// Cell by cell; of equal costs it prefers a match or substitution, then a deletion, then an
/// insertion.
struct BeamDistance: ~Copyable {
  typealias Tokens = UnsafeBufferPointer<Int32>
  static let width = 25
  private static let infinity = Int32.max / 2

  private enum Operation: UInt8 {
    case undefined
    case match
    case substitution
    case deletion
    case insertion
  }

  private var costs = GrowingBuffer<Int32>()
  private var operations = GrowingBuffer<UInt8>()
  private var hypothesisErrors = GrowingBuffer<Int32>()
  private var referenceErrors = GrowingBuffer<Int32>()
  private var aligned = GrowingBuffer<Int32>()

  init() {}

  /// Texts whose table would have more than 2^28 cells are an error.
  static func checkSize(_ rows: Int, _ columns: Int) throws(DSXError) {
    let size = (rows + 1).multipliedReportingOverflow(by: columns + 1)
    guard !size.overflow, size.partialValue <= 1 << 28 else {
      throw DSXError(
        .unsupported, "TER of \(rows) words to \(columns) words needs more than 2^28 cells",
        hint: "score sentences, not whole documents")
    }
  }

  /// Half the width of the beam: wider where the texts differ so much in length that a row would
  /// not touch the one before.
  static func width(_ hypothesis: Int, _ reference: Int) -> Int {
    let ratio = hypothesis > 0 ? Double(reference) / Double(hypothesis) : 1
    return Double(width) < ratio / 2
      ? Int((ratio / 2 + Double(width)).rounded(.up)) : width
  }

  /// The distance, and the alignment that `alignment`, `hasHypothesisError` and `hasReferenceError`
  /// tell.
  mutating func align(_ hypothesis: Tokens, _ reference: Tokens) throws(DSXError) -> Int {
    let (rows, columns) = (hypothesis.count, reference.count)
    let size = (rows + 1) * (columns + 1)
    operations.reserve(size)
    operations.base.update(repeating: Operation.undefined.rawValue, count: size)
    let operations = operations.base
    for column in 0...columns { operations[column] = Operation.insertion.rawValue }
    let distance = fill(hypothesis, reference) { row, column, operation in
      operations[row * (columns + 1) + column] = operation.rawValue
    }
    try readAlignment(rows, columns)
    return distance
  }

  /// The distance alone.
  mutating func distance(_ hypothesis: Tokens, _ reference: Tokens) -> Int {
    fill(hypothesis, reference) { _, _, _ in }
  }

  @inline(__always)
  private mutating func fill(
    _ hypothesis: Tokens, _ reference: Tokens, _ keep: (Int, Int, Operation) -> Void
  ) -> Int {
    let (rows, columns) = (hypothesis.count, reference.count)
    costs.reserve(2 * (columns + 1))
    var above = costs.base
    var here = costs.base + columns + 1
    for column in 0...columns { above[column] = Int32(column) }
    let ratio = rows > 0 ? Double(columns) / Double(rows) : 1
    let width = Self.width(rows, columns)
    for row in stride(from: 1, through: rows, by: 1) {
      let diagonal = Int((Double(row) * ratio).rounded(.down))
      let first = max(0, diagonal - width)
      let end = row == rows ? columns + 1 : min(columns + 1, diagonal + width)
      here.update(repeating: Self.infinity, count: columns + 1)
      for column in stride(from: first, to: end, by: 1) {
        if column == 0 {
          here[0] = above[0] + 1
          keep(row, 0, .deletion)
          continue
        }
        let isMatch = hypothesis[row - 1] == reference[column - 1]
        var cost = Self.infinity
        var operation = Operation.undefined
        let diagonalCost = above[column - 1] + (isMatch ? 0 : 1)
        if diagonalCost < cost {
          (cost, operation) = (diagonalCost, isMatch ? .match : .substitution)
        }
        if above[column] + 1 < cost { (cost, operation) = (above[column] + 1, .deletion) }
        if here[column - 1] + 1 < cost { (cost, operation) = (here[column - 1] + 1, .insertion) }
        here[column] = cost
        keep(row, column, operation)
      }
      swap(&above, &here)
    }
    return Int(above[columns])
  }

  private mutating func readAlignment(_ rows: Int, _ columns: Int) throws(DSXError) {
    hypothesisErrors.reserve(rows + 1)
    referenceErrors.reserve(columns + 1)
    aligned.reserve(columns)
    var (row, column) = (rows, columns)
    while row > 0 || column > 0 {
      switch Operation(rawValue: operations.base[row * (columns + 1) + column]) {
      case .match, .substitution:
        let isError: Int32 =
          operations.base[row * (columns + 1) + column] == Operation.match.rawValue ? 0 : 1
        row -= 1
        column -= 1
        hypothesisErrors[row] = isError
        referenceErrors[column] = isError
        aligned[column] = Int32(row)
      case .insertion:
        column -= 1
        referenceErrors[column] = 1
        aligned[column] = Int32(row - 1)
      case .deletion:
        row -= 1
        hypothesisErrors[row] = 1
      default:
        throw DSXError(
          .unsupported, "TER finds no path from \(rows) words to \(columns) words inside its beam",
          hint: "the texts differ too much in length")
      }
    }
    // Sums, so that a run's errors are one subtraction.
    Self.accumulate(hypothesisErrors.base, rows)
    Self.accumulate(referenceErrors.base, columns)
  }

  private static func accumulate(_ errors: UnsafeMutablePointer<Int32>, _ count: Int) {
    var sum: Int32 = 0
    for index in 0..<count {
      let error = errors[index]
      errors[index] = sum
      sum += error
    }
    errors[count] = sum
  }

  /// Whether a run of the hypothesis has a word that is not matched.
  @inline(__always)
  func hasHypothesisError(_ start: Int, _ length: Int) -> Bool {
    hypothesisErrors.base[start + length] > hypothesisErrors.base[start]
  }
  /// Whether a run of the reference has a word that is not matched.
  @inline(__always)
  func hasReferenceError(_ start: Int, _ length: Int) -> Bool {
    referenceErrors.base[start + length] > referenceErrors.base[start]
  }
  /// The hypothesis word that a reference word is aligned with, or the one before the gap; -1
  /// before the first.
  @inline(__always)
  func alignment(_ reference: Int) -> Int { Int(aligned.base[reference]) }
}
