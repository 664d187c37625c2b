/// A text that is told from others by its bytes.
///
/// Swift's own strings are equal when Unicode calls them canonically equivalent: 'é' as one code point
/// and 'e' with a combining accent. Labels, names and tokens of data are equal when their UTF-8 is.
public struct ExactText: Sendable, Hashable, Comparable {
  /// The text.
  public let text: String

  /// A text.
  public init(_ text: String) { self.text = text }

  /// Whether both have the same bytes.
  public static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.hasBytes(of: right.text)
  }

  /// The order of the bytes: that of the code points.
  public static func < (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Takes in the bytes.
  public func hash(into hasher: inout Hasher) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isDone == nil { for byte in text.utf8 { hasher.combine(byte) } }
    hasher.combine(0xff as UInt8)
  }
}

extension String {
  /// Whether both have the same UTF-8 bytes.
  func hasBytes(of other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}

extension [String] {
  /// Whether both hold the same texts, byte by byte.
  func hasBytes(of other: [String]) -> Bool {
    count == other.count && elementsEqual(other) { $0.hasBytes(of: $1) }
  }
}
