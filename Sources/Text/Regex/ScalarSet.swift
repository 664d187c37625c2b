/// A set of code points, as a regular expression's classes describe it.
struct ScalarSet: Sendable {
  // Members below U+0080, negation and intersections worked in.
  private(set) var low: (UInt64, UInt64) = (0, 0)
  private var ranges: [ClosedRange<UInt32>] = []
  private var categories: UInt32 = 0
  private var scripts: UInt32 = 0
  private var properties: UInt8 = 0
  private var parts: [ScalarSet] = []
  private var meets: [ScalarSet] = []
  private(set) var isNegated = false

  /// The empty set.
  init() {}

  /// One code point.
  init(_ code: UInt32) { insert(code...code) }

  /// A range of code points.
  init(_ range: ClosedRange<UInt32>) { insert(range) }

  /// The code points with a property.
  init(_ property: UnicodeTables.Property) {
    properties = property.rawValue
    settle()
  }

  /// The code points of some general categories.
  init(categories: [UnicodeTables.Category]) {
    for category in categories { self.categories |= 1 << UInt32(category.rawValue) }
    settle()
  }

  /// The code points of a script by its number in `UnicodeTables.scripts`, from 1.
  init(script: UInt8) {
    scripts = 1 << UInt32(script)
    settle()
  }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    ranges.append(range)
    settle()
  }

  mutating func insert(_ set: ScalarSet) {
    parts.append(set)
    settle()
  }

  /// Keeps only what is in `set` too.
  mutating func intersect(_ set: ScalarSet) {
    meets.append(set)
    settle()
  }

  /// All other code points.
  func negated() -> ScalarSet {
    var copy = self
    copy.isNegated.toggle()
    copy.settle()
    return copy
  }

  /// Works out the members below U+0080.
  private mutating func settle() {
    low = (0, 0)
    for code in UInt32(0)..<128 where evaluate(code) {
      if code < 64 { low.0 |= 1 << UInt64(code) } else { low.1 |= 1 << UInt64(code - 64) }
    }
  }

  /// Whether a code point is a member.
  @inline(__always)
  func contains(_ code: UInt32) -> Bool {
    if code < 64 { return low.0 >> UInt64(code) & 1 == 1 }
    if code < 128 { return low.1 >> UInt64(code - 64) & 1 == 1 }
    return evaluate(code)
  }

  private func evaluate(_ code: UInt32) -> Bool {
    var found = categories != 0 && categories >> UInt32(UnicodeTables.category[code]) & 1 == 1
    if !found, properties != 0 { found = UnicodeTables.properties[code] & properties != 0 }
    if !found, scripts != 0 {
      let script = UnicodeTables.script[code]
      found = script != 0 && scripts >> UInt32(script) & 1 == 1
    }
    if !found { for range in ranges where range.contains(code) { found = true } }
    if !found { for part in parts where part.contains(code) { found = true } }
    if found { for set in meets where !set.contains(code) { found = false } }
    return found != isNegated
  }
}
