internal import DSXCore
internal import Glibc

/// A compiled dictionary as one block of memory, the same bytes as in the cache file.
///
/// | offset | size | what |
/// | --- | --- | --- |
/// | 0 | 8 | magic `DSXJIEBA` |
/// | 8 | 4 | layout version (1) |
/// | 12 | 4 | base of the root's children |
/// | 16 | 8 | fingerprint of the source files |
/// | 24 | 8 | bytes of the whole file |
/// | 32 | 8 | sum of all frequencies |
/// | 40 | 8 | number of codes |
/// | 48 | 8 | number of slots |
/// | 56 | 8 | fingerprint of everything behind the header, seeded with that of bytes 0 to 55 |
/// | 64 | 131,072 | UInt16 code of each scalar below U+10000 |
/// | ... | 32 | Double start probabilities B, E, M, S |
/// | ... | 128 | Double transitions, 4 x 4, from then to |
/// | ... | 670,400 | Double emissions, (U+9FD5 - U+4E00 + 1) x 4 |
/// | ... | slots x 16 | TrieUnit |
///
/// All numbers in the machine's byte order; the magic is read as a number, so that a foreign order
/// does not match.
struct JiebaImage {
  static let magic: UInt64 = 0x4142_4549_4a58_5344
  static let version: UInt32 = 1
  static let headerSize = 64
  static let codesOffset = headerSize
  static let startOffset = codesOffset + 0x10000 * 2
  static let transitionOffset = startOffset + 4 * 8
  static let emissionOffset = transitionOffset + 16 * 8
  static let unitsOffset = emissionOffset + HMMTables.scalars.count * 4 * 8

  let bytes: UnsafeRawBufferPointer
  let rootBase: UInt32
  let total: UInt64
  let codeCount: Int
  let slotCount: Int

  /// Checks header, fingerprint, sections and every base, so that no walk can leave the slots.
  ///
  /// Returns nil when anything is wrong or was made from other sources.
  init?(_ bytes: UnsafeRawBufferPointer, source: UInt64) {
    func word(_ offset: Int) -> UInt64 { bytes.load(fromByteOffset: offset, as: UInt64.self) }
    guard bytes.count >= Self.unitsOffset, word(0) == Self.magic,
      bytes.load(fromByteOffset: 8, as: UInt32.self) == Self.version, word(16) == source,
      word(24) == UInt64(bytes.count), word(32) > 0,
      let codes = Int(exactly: word(40)), let slots = Int(exactly: word(48)),
      codes <= 0xffff, slots > codes, slots <= bytes.count / 16,
      bytes.count == Self.unitsOffset + slots * 16
    else { return nil }
    let header = UnsafeRawBufferPointer(rebasing: bytes[0..<56])
    let body = UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize...])
    guard Fingerprint.hash(body, seed: Fingerprint.hash(header)) == word(56) else { return nil }
    self.bytes = bytes
    rootBase = bytes.load(fromByteOffset: 12, as: UInt32.self)
    total = word(32)
    codeCount = codes
    slotCount = slots
    let limit = slots - codes - 1
    guard limit >= 0, Int(rootBase) <= limit else { return nil }
    let table = UnsafeRawBufferPointer(rebasing: bytes[Self.codesOffset..<Self.startOffset])
    for code in table.bindMemory(to: UInt16.self) where Int(code) > codes { return nil }
    var offset = Self.unitsOffset
    for _ in 0..<slots {
      guard Int(bytes.load(fromByteOffset: offset, as: UInt32.self)) <= limit else { return nil }
      offset += 16
    }
  }

  /// Compiles a dictionary and its model. About half a second in a release build.
  static func compile(
    _ text: DictionaryText, _ file: UnsafeRawBufferPointer, _ model: HMMTables, source: UInt64
  ) -> [UInt8] {
    let trie = TrieBuilder(text, file)
    let array = DoubleArrayBuilder(trie)
    let size = unitsOffset + array.units.count * 16
    return [UInt8](unsafeUninitializedCapacity: size) { target, count in
      let bytes = UnsafeMutableRawBufferPointer(target)
      func put<Value>(_ value: Value, _ offset: Int) {
        bytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
      }
      func put<Value>(all values: [Value], _ offset: Int) {
        values.withUnsafeBytes { source in
          UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + source.count])
            .copyMemory(from: source)
        }
      }
      put(magic, 0)
      put(version, 8)
      put(array.rootBase, 12)
      put(source, 16)
      put(UInt64(size), 24)
      put(text.total, 32)
      put(UInt64(trie.codeCount), 40)
      put(UInt64(array.units.count), 48)
      put(all: trie.codeOfScalar, codesOffset)
      put(all: model.start, startOffset)
      put(all: model.transition, transitionOffset)
      put(all: model.emission, emissionOffset)
      put(all: array.units, unitsOffset)
      let header = UnsafeRawBufferPointer(rebasing: bytes[0..<56])
      let body = UnsafeRawBufferPointer(rebasing: bytes[headerSize...])
      put(Fingerprint.hash(body, seed: Fingerprint.hash(header)), 56)
      count = size
    }
  }
}
