internal import DSXCore

/// A compiled dictionary as one block of memory, the same bytes as in the cache file.
///
/// | offset | size | what |
/// | --- | --- | --- |
/// | 0 | 8 | magic `DSXJIEBA` |
/// | 8 | 4 | layout version (2) |
/// | 12 | 4 | base of the root's children |
/// | 16 | 8 | fingerprint of the source files |
/// | 24 | 8 | bytes of the whole file |
/// | 32 | 8 | sum of all frequencies |
/// | 40 | 8 | number of slots |
/// | 48 | 4 | number of codes |
/// | 52 | 4 | characters of the longest word |
/// | 56 | 4 | number of frequencies, the first (0, no word) included |
/// | 60 | 4 | number of characters above U+FFFF |
/// | 64 | 4 | bytes of the words that are always split |
/// | 68 | 20 | 0 |
/// | 88 | 8 | fingerprint of everything behind the header, seeded with that of bytes 0 to 87 |
/// | 96 | 131,072 | UInt16 code of each scalar below U+10000 |
/// | ... | 32 | Double start probabilities B, E, M, S |
/// | ... | 128 | Double transitions, 4 x 4, from then to |
/// | ... | 670,400 | Double emissions, (U+9FD5 - U+4E00 + 1) x 4 |
/// | ... | x 8 | UInt32 scalar, UInt32 code of the characters above U+FFFF, rising |
/// | ... | x 8 | UInt64 frequencies |
/// | ... | slots x 8 | TrieUnit |
/// | ... | | the words that are always split, UTF-8, a line feed behind each |
///
/// All numbers in the machine's byte order; the magic is read as a number, so that a foreign order
/// does not match.
struct JiebaImage {
  static let magic: UInt64 = 0x4142_4549_4a58_5344
  static let version: UInt32 = 2
  static let checksumOffset = 88
  static let headerSize = 96
  static let codesOffset = headerSize
  static let startOffset = codesOffset + 0x10000 * 2
  static let transitionOffset = startOffset + 4 * 8
  static let emissionOffset = transitionOffset + 16 * 8
  static let astralOffset = emissionOffset + HMMTables.scalars.count * 4 * 8

  let bytes: UnsafeRawBufferPointer
  let rootBase: Int
  let total: Int
  let codeCount: Int
  let depth: Int
  let frequencyCount: Int
  let astralCount: Int
  let slotCount: Int
  let splitBytes: Int

  var frequenciesOffset: Int { Self.astralOffset + astralCount * 8 }
  var unitsOffset: Int { frequenciesOffset + frequencyCount * 8 }
  var splitOffset: Int { unitsOffset + slotCount * 8 }

  /// Checks header, fingerprint, sections and every base, so that no walk can leave the slots.
  ///
  /// Returns nil when anything is wrong or was made from other sources.
  init?(_ bytes: UnsafeRawBufferPointer, source: UInt64) {
    func word(_ offset: Int) -> UInt64 { bytes.load(fromByteOffset: offset, as: UInt64.self) }
    func half(_ offset: Int) -> Int {
      Int(bytes.load(fromByteOffset: offset, as: UInt32.self))
    }
    guard bytes.count >= Self.astralOffset, word(0) == Self.magic, half(8) == Int(Self.version),
      word(16) == source, word(24) == UInt64(bytes.count), word(32) > 0,
      let total = Int(exactly: word(32)), let slots = Int(exactly: word(40)),
      slots <= TrieUnit.maximum
    else { return nil }
    self.bytes = bytes
    rootBase = half(12)
    self.total = total
    slotCount = slots
    codeCount = half(48)
    depth = half(52)
    frequencyCount = half(56)
    astralCount = half(60)
    splitBytes = half(64)
    guard codeCount <= 0xfffe, slots > codeCount, depth <= DictionaryText.maximumWordBytes,
      frequencyCount > 0
    else { return nil }
    // Four numbers below 2^32 and constants: no sum can overflow.
    guard bytes.count == splitOffset + splitBytes,
      Self.checksum(bytes) == word(Self.checksumOffset)
    else { return nil }
    guard isSound() else { return nil }
  }

  /// Whether all codes, frequency numbers and bases are in range.
  private func isSound() -> Bool {
    let limit = slotCount - codeCount - 1
    guard limit >= 0, rootBase > 0, rootBase <= limit else { return false }
    for code in table(Self.codesOffset, 0x10000, UInt16.self) where Int(code) > codeCount {
      return false
    }
    var last: UInt32 = 0
    for index in 0..<astralCount {
      let pair = table(Self.astralOffset + index * 8, 2, UInt32.self)
      guard pair[0] > 0xffff, pair[0] > last, Int(pair[1]) <= codeCount else { return false }
      last = pair[0]
    }
    let frequencies = table(frequenciesOffset, frequencyCount, UInt64.self)
    for (index, value) in frequencies.enumerated() {
      guard value <= DictionaryText.maximumFrequency, (value == 0) == (index == 0) else {
        return false
      }
    }
    var sound = true
    for unit in table(unitsOffset, slotCount, TrieUnit.self) {
      sound = sound && unit.base <= limit && unit.frequency < frequencyCount
    }
    let split = UnsafeRawBufferPointer(rebasing: bytes[splitOffset...])
    return sound && (split.isEmpty || split.last == 0x0a)
      && UTF8Validation.firstInvalid(split) == nil
  }

  /// A section as typed memory.
  func table<Value: BitwiseCopyable>(_ offset: Int, _ count: Int, _ type: Value.Type)
    -> UnsafeBufferPointer<Value>
  {
    UnsafeBufferPointer(
      start: bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: type) }, count: count)
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let header = UnsafeRawBufferPointer(rebasing: bytes[..<checksumOffset])
    let body = UnsafeRawBufferPointer(rebasing: bytes[headerSize...])
    return Fingerprint.hash(body, seed: Fingerprint.hash(header))
  }
}
