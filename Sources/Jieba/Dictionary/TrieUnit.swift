/// One slot of the dictionary's double array, 8 bytes as in the cache file.
///
/// | bits | what |
/// | --- | --- |
/// | 0-15 | check: the code that leads into this slot; `unused` when nothing does |
/// | 16-39 | index of the frequency of the word that ends here; 0 when none does |
/// | 40-63 | base: the child by code `c` is in slot `base + c`; 0 when there is no child |
///
/// Bases are unique and never 0, so a slot whose check equals the code can only belong to the parent that
/// was asked, and a parent without children matches nothing.
struct TrieUnit: Equatable {
  /// The bits of the table above.
  var bits: UInt64

  /// The check of a free slot: codes count from 1 to 0xfffe, and 0 is an unknown character.
  static let unused: UInt64 = 0xffff
  /// Bases and frequency indexes have 24 bits.
  static let maximum = 0xff_ffff
  /// A free slot.
  static let free = TrieUnit(bits: unused)
  /// What a failed step gives: no word, no children.
  static let none = TrieUnit(bits: 0)

  init(bits: UInt64) { self.bits = bits }

  init(check: UInt16, frequency: Int, base: Int) {
    bits = UInt64(check) | UInt64(frequency) << 16 | UInt64(base) << 40
  }

  @inline(__always) var check: UInt64 { bits & 0xffff }
  @inline(__always) var isFree: Bool { check == Self.unused }

  @inline(__always) var frequency: Int {
    get { Int(truncatingIfNeeded: bits >> 16 & 0xff_ffff) }
    set { bits = bits & ~(0xff_ffff << 16) | UInt64(newValue) << 16 }
  }

  @inline(__always) var base: Int {
    get { Int(truncatingIfNeeded: bits >> 40) }
    set { bits = bits & 0xff_ffff_ffff | UInt64(newValue) << 40 }
  }

  /// This unit when `code` leads into it, else `none`: without a branch.
  @inline(__always) func matching(_ code: UInt16) -> TrieUnit {
    TrieUnit(bits: check == UInt64(code) ? bits : 0)
  }
}
