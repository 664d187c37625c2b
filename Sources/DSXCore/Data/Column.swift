/// The values of one field over the rows of a batch, in one flat buffer.
///
/// Row r of an array, string or bytes field is `elements[offsets[r]..<offsets[r + 1]]`; a scalar
/// field has no offsets and one element a row. Strings are UTF-8 bytes.
public struct Column: Sendable {
  /// The flat elements.
  public enum Elements: Sendable {
    /// int32 elements.
    case int32([Int32])
    /// int64 elements.
    case int64([Int64])
    /// float32 elements. A float32 scalar of a MindRecord keeps the double that was written: see float64.
    case float32([Float])
    /// float64 elements.
    case float64([Double])
    /// UTF-8 text or raw bytes.
    case bytes([UInt8])

    /// Number of flat elements.
    public var count: Int {
      switch self {
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .bytes(let values): values.count
      }
    }
  }

  /// The flat elements of all rows.
  public var elements: Elements
  /// rows + 1 ascending positions in `elements`, or nil for scalars.
  public var offsets: [Int]?
  /// For each row whether it has a value; nil when all have. A missing value takes one zero element, or
  /// none where there are offsets.
  public var validity: [Bool]?

  /// A column.
  public init(_ elements: Elements, offsets: [Int]? = nil, validity: [Bool]? = nil) {
    self.elements = elements
    self.offsets = offsets
    self.validity = validity
  }

  /// Whether row `row` has a value.
  public func isValid(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }

  /// Number of rows.
  public var rows: Int { offsets.map { $0.count - 1 } ?? elements.count }

  /// A column of strings.
  public init(strings: [String]) {
    var bytes: [UInt8] = []
    var offsets = [0]
    offsets.reserveCapacity(strings.count + 1)
    for text in strings {
      bytes.append(contentsOf: text.utf8)
      offsets.append(bytes.count)
    }
    self.init(.bytes(bytes), offsets: offsets)
  }

  /// The text of row `row`; nil when this is no string column.
  public func string(_ row: Int) -> String? {
    guard case .bytes(let bytes) = elements, let offsets else { return nil }
    return String(decoding: bytes[offsets[row]..<offsets[row + 1]], as: UTF8.self)
  }
}
