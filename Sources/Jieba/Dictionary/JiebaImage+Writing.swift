internal import DSXCore

extension JiebaImage {
  /// What an image is made of besides the model.
  struct Parts {
    var scalars: ScalarCodes
    var units: [TrieUnit]
    var rootBase: Int
    var frequencies: [UInt64]
    var depth: Int
    var total: Int
    /// The words that are always split, sorted.
    var split: [String] = []
  }

  /// Compiles a dictionary file.
  static func compile(
    _ text: DictionaryText, _ file: UnsafeRawBufferPointer, _ model: HMMTables, source: UInt64
  ) throws(DSXError) -> [UInt8] {
    let trie = try TrieBuilder(text, file)
    let array = try DoubleArrayBuilder(trie)
    guard let total = Int(exactly: text.total) else {
      throw DSXError(.malformed, "the frequencies add up to more than 63 bits")
    }
    let parts = Parts(
      scalars: trie.scalars, units: array.units, rootBase: array.rootBase,
      frequencies: array.frequencies, depth: trie.depth, total: total)
    return model.start.withUnsafeBytes { start in
      model.transition.withUnsafeBytes { transition in
        model.emission.withUnsafeBytes { emission in
          write(parts, [start, transition, emission], source: source)
        }
      }
    }
  }

  /// The bytes of an image; `model` is start, transition and emission tables.
  static func write(_ parts: Parts, _ model: [UnsafeRawBufferPointer], source: UInt64) -> [UInt8] {
    var split: [UInt8] = []
    for word in parts.split {
      split.append(contentsOf: word.utf8)
      split.append(0x0a)
    }
    let astral = parts.scalars.astral
    let frequenciesOffset = astralOffset + astral.count * 8
    let unitsOffset = frequenciesOffset + parts.frequencies.count * 8
    let splitOffset = unitsOffset + parts.units.count * 8
    let size = splitOffset + split.count
    return [UInt8](unsafeUninitializedCapacity: size) { target, count in
      let bytes = UnsafeMutableRawBufferPointer(target)
      func put<Value: BitwiseCopyable>(_ value: Value, _ offset: Int) {
        bytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
      }
      func put(bytes source: UnsafeRawBufferPointer, _ offset: Int) {
        UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + source.count])
          .copyMemory(from: source)
      }
      func half(_ value: Int, _ offset: Int) { put(UInt32(truncatingIfNeeded: value), offset) }
      UnsafeMutableRawBufferPointer(rebasing: bytes[..<headerSize])
        .initializeMemory(as: UInt8.self, repeating: 0)
      put(magic, 0)
      put(version, 8)
      half(parts.rootBase, 12)
      put(source, 16)
      put(UInt64(size), 24)
      put(UInt64(parts.total), 32)
      put(UInt64(parts.units.count), 40)
      half(parts.scalars.count, 48)
      half(parts.depth, 52)
      half(parts.frequencies.count, 56)
      half(astral.count, 60)
      half(split.count, 64)
      parts.scalars.basic.withUnsafeBytes { put(bytes: $0, codesOffset) }
      for (part, offset) in zip(model, [startOffset, transitionOffset, emissionOffset]) {
        put(bytes: part, offset)
      }
      for (index, pair) in astral.enumerated() {
        put(pair.scalar, astralOffset + index * 8)
        put(UInt32(pair.code), astralOffset + index * 8 + 4)
      }
      parts.frequencies.withUnsafeBytes { put(bytes: $0, frequenciesOffset) }
      parts.units.withUnsafeBytes { put(bytes: $0, unitsOffset) }
      split.withUnsafeBytes { put(bytes: $0, splitOffset) }
      put(checksum(UnsafeRawBufferPointer(bytes)), checksumOffset)
      count = size
    }
  }
}
