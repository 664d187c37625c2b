public import DSXCore

/// The statistics of many examples as one dense matrix: a row an example, a column a component, and
/// a last column with the number of examples that the row stands for (more than 1 in clusters).
///
/// Whole numbers that fit are held in 32 bits, others as doubles; rows are padded to the width of a
/// vector register, so that a resample is one pass of vector additions.
///
/// | numbers | bytes a row |
/// |---|---|
/// | whole, below 2^31 | 4 × (width + 1, rounded up to 4, 8 or a multiple of 16) |
/// | others | 8 × the same |
public struct ExampleMatrix: Sendable {
  /// Components of a row, without the count.
  public let width: Int
  /// Number of rows.
  public private(set) var rows = 0
  let stride: Int
  private(set) var storage: Storage
  /// The largest magnitude in 32-bit storage: bounds what a sum of rows can be.
  private(set) var largest: Int64 = 1

  enum Storage: Sendable {
    case whole([Int32])
    case real([Double])
  }

  /// An empty matrix of `width` components.
  public init(width: Int) {
    self.width = max(0, width)
    let used = self.width + 1
    stride = used <= 4 ? 4 : used <= 8 ? 8 : (used + 15) / 16 * 16
    storage = .whole([])
  }

  /// Appends a row that stands for `count` examples. A wrong width is an error.
  public mutating func append(_ components: [Double], count: Int = 1) throws(DSXError) {
    guard components.count == width else {
      throw DSXError(
        .internal, "an example has \(components.count) statistics where others have \(width)")
    }
    if case .whole(var numbers) = storage {
      storage = .whole([])
      let start = numbers.count
      var fits = true
      for component in components {
        guard let number = Int32(exactly: component), number > Int32.min else {
          fits = false
          break
        }
        largest = max(largest, Int64(abs(number)))
        numbers.append(number)
      }
      if fits, let count = Int32(exactly: count) {
        largest = max(largest, Int64(count))
        numbers.append(count)
        numbers.append(contentsOf: repeatElement(0, count: stride - width - 1))
        storage = .whole(numbers)
        rows += 1
        return
      }
      numbers.removeLast(numbers.count - start)
      storage = .real(numbers.map(Double.init))
    }
    if case .real(var numbers) = storage {
      storage = .real([])
      numbers.append(contentsOf: components)
      numbers.append(Double(count))
      numbers.append(contentsOf: repeatElement(0, count: stride - width - 1))
      storage = .real(numbers)
      rows += 1
    }
  }

  /// Appends the rows of another matrix of the same width.
  public mutating func append(_ other: ExampleMatrix) throws(DSXError) {
    guard other.width == width else {
      throw DSXError(.internal, "rows of \(other.width) statistics go not with those of \(width)")
    }
    if case .whole(var numbers) = storage, case .whole(let more) = other.storage {
      storage = .whole([])
      numbers.append(contentsOf: more)
      storage = .whole(numbers)
      rows += other.rows
      largest = max(largest, other.largest)
    } else {
      for row in 0..<other.rows { try append(other[row], count: other.count(of: row)) }
    }
  }

  /// The components of a row. `row` must be below `rows`.
  public subscript(row: Int) -> [Double] {
    let range = (row * stride)..<(row * stride + width)
    switch storage {
    case .whole(let numbers): return numbers[range].map(Double.init)
    case .real(let numbers): return Array(numbers[range])
    }
  }

  /// Writes a row's components over `components`, which holds `width` numbers, and returns the number of
  /// examples that the row stands for: the subscript's numbers without an array for each row.
  @inline(__always)
  func read(_ row: Int, into components: inout [Double]) -> Int {
    let start = row * stride
    switch storage {
    case .whole(let numbers):
      for column in 0..<width { components[column] = Double(numbers[start + column]) }
      return Int(numbers[start + width])
    case .real(let numbers):
      for column in 0..<width { components[column] = numbers[start + column] }
      return Int(numbers[start + width])
    }
  }

  /// The number of examples that a row stands for.
  public func count(of row: Int) -> Int {
    switch storage {
    case .whole(let numbers): Int(numbers[row * stride + width])
    case .real(let numbers): Int(numbers[row * stride + width])
    }
  }

  /// The sum of the rows that `drawn` names, the count last. Names must be below `rows`.
  ///
  /// Whole numbers add exactly; doubles in the order drawn.
  public func sum(_ drawn: [UInt32]) -> [Double] {
    switch storage {
    case .whole(let numbers):
      // 32-bit lanes suffice while no sum of so many rows can pass them.
      guard largest * Int64(max(1, drawn.count)) < Int64(Int32.max) else {
        return ResampleKernel.sum(numbers.map(Double.init), stride: stride, drawn).prefix(width + 1)
          .map { $0 }
      }
      return ResampleKernel.sum(numbers, stride: stride, drawn).prefix(width + 1).map(Double.init)
    case .real(let numbers):
      return Array(ResampleKernel.sum(numbers, stride: stride, drawn).prefix(width + 1))
    }
  }

  /// The same in single precision, added in the order drawn, as NumPy sums float32 rows; without the
  /// count. `single` is `singles()`.
  func sum(single: [Float], _ drawn: [UInt32]) -> [Float] {
    Array(ResampleKernel.sum(single, stride: stride, drawn).prefix(width))
  }

  /// All numbers rounded to single precision.
  func singles() -> [Float] {
    switch storage {
    case .whole(let numbers): numbers.map(Float.init)
    case .real(let numbers): numbers.map(Float.init)
    }
  }

  /// Whether sums of 32-bit lanes could overflow for as many draws as there are rows.
  private var needsDoubles: Bool {
    largest.multipliedReportingOverflow(by: Int64(max(1, rows))).overflow
      || largest * Int64(max(1, rows)) >= Int64(Int32.max)
  }

  /// The same matrix in the form that `sum` of `rows` draws works on without converting.
  func prepared() -> ExampleMatrix {
    guard case .whole(let numbers) = storage, needsDoubles else { return self }
    var copy = self
    copy.storage = .real(numbers.map(Double.init))
    return copy
  }

  /// The rows that `chosen` names, in that order.
  public func selecting(_ chosen: [Int]) -> ExampleMatrix {
    var copy = ExampleMatrix(width: width)
    copy.largest = largest
    copy.rows = chosen.count
    switch storage {
    case .whole(let numbers):
      var taken: [Int32] = []
      taken.reserveCapacity(chosen.count * stride)
      for row in chosen { taken.append(contentsOf: numbers[(row * stride)..<((row + 1) * stride)]) }
      copy.storage = .whole(taken)
    case .real(let numbers):
      var taken: [Double] = []
      taken.reserveCapacity(chosen.count * stride)
      for row in chosen { taken.append(contentsOf: numbers[(row * stride)..<((row + 1) * stride)]) }
      copy.storage = .real(taken)
    }
    return copy
  }
}
