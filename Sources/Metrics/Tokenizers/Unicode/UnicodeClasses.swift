/// Punctuation, numbers and symbols by Unicode's general category, one look-up for most characters.
struct UnicodeClasses: Sendable {
  /// The only one: there is nothing to set.
  static let table = UnicodeClasses()

  private static let pageCount: UInt32 = 0x10000
  private let classes: [UInt8]
  private let punctuation = ScalarSet(table: UnicodeTables.punctuation)
  private let numbers = ScalarSet(table: UnicodeTables.numbers)
  private let symbols = ScalarSet(table: UnicodeTables.symbols)

  private init() {
    var classes = [UInt8](repeating: 0, count: Int(Self.pageCount))
    for scalar in 0..<Self.pageCount {
      classes[Int(scalar)] =
        (punctuation.contains(scalar) ? 1 : 0) | (numbers.contains(scalar) ? 2 : 0)
        | (symbols.contains(scalar) ? 4 : 0)
    }
    self.classes = classes
  }

  /// \p{P}
  func isPunctuation(_ scalar: UInt32) -> Bool {
    scalar < Self.pageCount ? classes[Int(scalar)] & 1 != 0 : punctuation.contains(scalar)
  }
  /// \p{N}
  func isNumber(_ scalar: UInt32) -> Bool {
    scalar < Self.pageCount ? classes[Int(scalar)] & 2 != 0 : numbers.contains(scalar)
  }
  /// \p{S}
  func isSymbol(_ scalar: UInt32) -> Bool {
    scalar < Self.pageCount ? classes[Int(scalar)] & 4 != 0 : symbols.contains(scalar)
  }
}
