/// The Unicode data of Hugging Face tokenizers 0.23.3, code point by code point.
///
/// The library takes it from five places with versions of their own; `UnicodeTables+Data.swift` holds what
/// it really does (scripts/unicode/make_tables.py). Tables are built at their first use, each in about a
/// millisecond.
enum UnicodeTables {
  /// General categories (Oniguruma), in the order of the generated table.
  enum Category: UInt8, CaseIterable {
    case cn, lu, ll, lt, lm, lo, mn, mc, me, nd, nl, no, pc, pd, ps, pe, pi, pf, po, sm, sc, sk, so,
      zs, zl, zp, cc, cf, cs, co
  }

  /// Scripts (Oniguruma), numbered from 1 in this order.
  static let scripts = [
    "Han", "Hiragana", "Katakana", "Hangul", "Latin", "Greek", "Cyrillic", "Arabic", "Hebrew",
    "Thai",
    "Devanagari", "Bopomofo", "Armenian", "Georgian", "Bengali", "Tamil",
  ]

  /// Properties that parts of the library ask for.
  struct Property: OptionSet {
    let rawValue: UInt8
    /// White_Space: Rust's `char::is_whitespace`, and `\s` of both regular expression engines.
    static let space = Property(rawValue: 1)
    /// Rust's `char::is_numeric`.
    static let numeric = Property(rawValue: 2)
    /// ASCII punctuation or a category P of unicode_categories.
    static let punctuation = Property(rawValue: 4)
    /// A category C of unicode_categories but tab, line feed and carriage return; U+0000, U+FFFD.
    static let control = Property(rawValue: 8)
    /// Category Mn of unicode_categories.
    static let nonspacing = Property(rawValue: 16)
    /// `is_combining_mark` of unicode-normalization-alignments.
    static let combining = Property(rawValue: 32)
    /// `\w` of the crate regex.
    static let word = Property(rawValue: 64)
    /// `\w` of Oniguruma.
    static let onigWord = Property(rawValue: 128)
  }

  /// The general category of each code point, as `Category.rawValue`.
  static let category = ScalarTable(runs: categoryRuns)
  /// The script of each code point: 0 for one without a name here, else its place in `scripts` plus 1.
  static let script = ScalarTable(runs: scriptRuns)
  /// The properties of each code point, as `Property.rawValue`.
  static let properties = ScalarTable(runs: flagRuns, meanings: flagSets)
  /// The canonical combining class of each code point.
  static let combiningClass = ScalarTable(runs: classRuns)
  /// Full canonical decompositions of those code points that have one, Hangul left out.
  static let canonical = mapping(canonicalMap)
  /// Full compatibility decompositions where they differ from the canonical ones.
  static let compatible = mapping(compatibleMap)
  /// Lower case where it differs.
  static let lower = mapping(lowerMap)
  /// `first << 32 | second` to what the two compose to, Hangul left out.
  static let composition: [UInt64: UInt32] = {
    var reader = TableReader(compositions)
    var table: [UInt64: UInt32] = [:]
    var last: UInt32 = 0
    while let step = reader.number(), let first = reader.signed(), let second = reader.number() {
      last += step
      table[UInt64(UInt32(bitPattern: Int32(bitPattern: last) + first)) << 32 | UInt64(second)] =
        last
    }
    return table
  }()

  /// Whether a code point has a property.
  @inline(__always)
  static func has(_ code: UInt32, _ property: Property) -> Bool {
    properties[code] & property.rawValue != 0
  }

  private static func mapping(_ text: [StaticString]) -> ScalarMapping {
    var reader = TableReader(text)
    var entries: [(UInt32, [UInt32])] = []
    var last: UInt32 = 0
    while let step = reader.number(), let count = reader.number() {
      last += step
      var at = Int32(bitPattern: last)
      var target: [UInt32] = []
      for _ in 0..<count {
        at += reader.signed() ?? 0
        target.append(UInt32(bitPattern: at))
      }
      entries.append((last, target))
    }
    return ScalarMapping(entries)
  }
}

/// A map from some code points to sequences of code points.
struct ScalarMapping: Sendable {
  // A place in `targets` for every code point of the blocks that have entries, 0 for none.
  private let blocks: [UInt16]
  private let places: [UInt16]
  private let targets: [UInt32]

  /// A map from its entries.
  init(_ entries: [(UInt32, [UInt32])]) {
    var blocks = [UInt16](repeating: 0, count: 0x1100)
    var places = [UInt16](repeating: 0, count: 256)
    var targets: [UInt32] = [0]
    for (code, target) in entries {
      let block = Int(code >> 8)
      if blocks[block] == 0 {
        blocks[block] = UInt16(places.count >> 8)
        places.append(contentsOf: repeatElement(0, count: 256))
      }
      places[Int(blocks[block]) << 8 | Int(code & 255)] = UInt16(targets.count)
      targets.append(UInt32(target.count))
      targets.append(contentsOf: target)
    }
    self.blocks = blocks
    self.places = places
    self.targets = targets
  }

  /// What a code point maps to; nil when it stays as it is.
  @inline(__always)
  subscript(_ code: UInt32) -> ArraySlice<UInt32>? {
    let place = Int(places[Int(blocks[Int(code >> 8)]) << 8 | Int(code & 255)])
    guard place != 0 else { return nil }
    return targets[place + 1...place + Int(targets[place])]
  }

  /// Hands every code point that maps to something to `body`, in order.
  func forEachCode(_ body: (UInt32) -> Void) {
    for (high, block) in blocks.enumerated() where block != 0 {
      for low in 0..<256 where places[Int(block) << 8 | low] != 0 { body(UInt32(high << 8 | low)) }
    }
  }

  /// Whether a code point maps to something.
  @inline(__always)
  func contains(_ code: UInt32) -> Bool {
    places[Int(blocks[Int(code >> 8)]) << 8 | Int(code & 255)] != 0
  }
}
