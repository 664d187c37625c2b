/// One slot of the dictionary's double array, 16 bytes as in the cache file.
///
/// | offset | size | what |
/// | --- | --- | --- |
/// | 0 | 4 | base: the child by code `c` is in slot `base + c`; 0 when there is no child |
/// | 4 | 4 | check: the code that leads into this slot; `unused` when nothing does |
/// | 8 | 8 | log(frequency) of the word that ends here; negative when none does |
///
/// Bases are unique, so a slot whose check equals the code can only belong to the parent that was asked.
struct TrieUnit {
  var base: UInt32 = 0
  var check: UInt32 = TrieUnit.unused
  var logFrequency: Double = -1

  /// The check of a free slot: no code has this value (codes count from 1; 0 is an unknown character).
  static let unused = UInt32.max
}
