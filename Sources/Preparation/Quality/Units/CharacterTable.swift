/// The class and the lower-case form of every code point of the first plane, for loops over bytes.
///
/// Built once on first use (a few milliseconds) from the Unicode data of the Swift library.
/// Sendable: written in `init` only.
final class CharacterTable: @unchecked Sendable {
  /// The only one.
  static let shared = CharacterTable()

  /// Makes the table now, where time is to spare.
  static func prepare() { _ = shared }

  /// `CharacterClass` bits; 65,536 of them.
  let classes: [UInt8]
  /// The simple lower-case form; the code point itself where there is none in the first plane.
  let lower: [UInt16]
  /// `classes` as an address: threads that read it count no references to one table. Never freed.
  let classBase: UnsafePointer<UInt8>

  private init() {
    var classes = [UInt8](repeating: UInt8(Script.punctuation.index), count: 1 << 16)
    var lower = [UInt16](repeating: 0, count: 1 << 16)
    for value in UInt32(0)..<1 << 16 {
      lower[Int(value)] = UInt16(value)
      guard let scalar = Unicode.Scalar(value) else { continue }
      let kind = CharacterClass(scalar)
      classes[Int(value)] = kind.bits
      let isCased = kind.bits & (CharacterClass.letter | CharacterClass.single)
      guard isCased == CharacterClass.letter, scalar.properties.isUppercase else { continue }
      // A form of several code points (only U+0130 has one) is cut to its first.
      if let first = scalar.properties.lowercaseMapping.unicodeScalars.first {
        lower[Int(value)] = UInt16(exactly: first.value) ?? UInt16(value)
      }
    }
    self.classes = classes
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: classes.count)
    copy.initialize(from: classes, count: classes.count)
    classBase = UnsafePointer(copy)
    self.lower = lower
  }

  /// The class of a code point above the first plane.
  static func upperPlane(_ value: UInt32) -> UInt8 {
    guard let scalar = Unicode.Scalar(value) else { return UInt8(Script.punctuation.index) }
    return CharacterClass(scalar).bits
  }
}
