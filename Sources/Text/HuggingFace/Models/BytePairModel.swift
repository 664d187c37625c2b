internal import DSXCore

/// BPE over characters: merges by rank, with what the library knows besides: unknown and byte pieces,
/// prefixes and suffixes inside and at the end of words.
///
/// A long text is cut first where no merge can reach across, so that words are found in the cache.
final class BytePairModel: Sendable {
  /// The rules beside vocabulary and merges.
  struct Rules: Sendable {
    var unknown: String?
    var prefix: [UInt8] = []
    var suffix: [UInt8] = []
    var fusesUnknown = false
    var fallsBackToBytes = false
    var ignoresMerges = false
  }

  let vocabulary: PieceVocabulary
  let merges: MergeTable
  let rules: Rules
  private let unknown: Int32
  private let byteIDs: [Int32]
  /// The id of each code point below U+10000, where words have neither prefix nor suffix.
  private let symbols: [Int32]
  /// One bit for each hash of two symbols that some merge brings together.
  private let touching: [UInt64]

  /// Throws `malformed` for merges of pieces that are not there, and for an unknown token that is not.
  convenience init(
    _ vocabulary: PieceVocabulary, _ merges: [(left: String, right: String)], _ rules: Rules
  ) throws(DSXError) {
    let table = try MergeTable.resolve(merges, vocabulary, prefix: rules.prefix)
    try self.init(vocabulary, table, rules)
  }

  /// The same with merges as ids, in rank order.
  init(
    _ vocabulary: PieceVocabulary, _ table: [(left: Int32, right: Int32, merged: Int32)],
    _ rules: Rules
  ) throws(DSXError) {
    self.vocabulary = vocabulary
    self.rules = rules
    var unknown: Int32 = -1
    if let name = rules.unknown {
      guard let id = vocabulary.id(of: name) else {
        throw DSXError(.malformed, "the unknown token '\(name)' is not in the vocabulary")
      }
      unknown = id
    }
    self.unknown = unknown
    byteIDs =
      rules.fallsBackToBytes
      ? (UInt8.min...UInt8.max).map { vocabulary.id(of: ByteFallback.spelling($0)) ?? -1 } : []
    self.merges = MergeTable(table)
    touching = Self.touching(table)
    var symbols: [Int32] = []
    if rules.prefix.isEmpty, rules.suffix.isEmpty {
      symbols = [Int32](repeating: -1, count: 0x10000)
      for id in 0..<Int32(vocabulary.size) {
        guard let text = vocabulary.utf8(id), (1...3).contains(text.count) else { continue }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        if scalars.count == 1, let scalar = scalars.first, scalar.value < 0x10000 {
          symbols[Int(scalar.value)] = id
        }
      }
    }
    self.symbols = symbols
  }

  private static let touchBits: UInt64 = 20

  @inline(__always)
  private static func touch(_ left: Int32, _ right: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    return Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> (64 - touchBits))
  }

  /// Marks which first symbols (never merged themselves) can stand side by side inside a piece.
  private static func touching(_ table: [(left: Int32, right: Int32, merged: Int32)]) -> [UInt64] {
    var marks = [UInt64](repeating: 0, count: 1 << Int(touchBits - 6))
    // The outermost symbols of what each merge makes; a piece made in two ways may have several.
    var firsts: [Int32: Set<Int32>] = [:]
    var lasts: [Int32: Set<Int32>] = [:]
    for (left, right, merged) in table {
      let (inner, following) = (lasts[left] ?? [left], firsts[right] ?? [right])
      for one in inner {
        for other in following {
          let bit = touch(one, other)
          marks[bit >> 6] |= 1 << UInt64(bit & 63)
        }
      }
      firsts[merged, default: []].formUnion(firsts[left] ?? [left])
      lasts[merged, default: []].formUnion(lasts[right] ?? [right])
    }
    return marks
  }

  @inline(__always)
  private func mayTouch(_ left: Int32, _ right: Int32) -> Bool {
    let bit = Self.touch(left, right)
    return touching[bit >> 6] >> UInt64(bit & 63) & 1 == 1
  }

  /// Appends the ids of a piece of text.
  func encode(
    _ text: UnsafeRawBufferPointer, _ scratch: inout ModelScratch, into ids: inout [Int32]
  ) {
    if rules.ignoresMerges {
      let id = vocabulary.id(text)
      if id >= 0 {
        ids.append(id)
        return
      }
    }
    let isShort = text.count <= PieceCache.longestPiece
    let hash = isShort ? PieceCache.hash(text) : 0
    if isShort, scratch.cache.find(text, hash, into: &ids) { return }
    read(text, &scratch)
    if isShort {
      scratch.merger.merge(&scratch.symbols)
      scratch.cache.insert(text, hash, scratch.symbols)
      ids.append(contentsOf: scratch.symbols)
      return
    }
    // Long: in parts that no merge reaches across. Symbols and their lengths are needed to cut.
    var start = 0
    var from = 0
    var to = 0
    while start < scratch.symbols.count {
      var end = start + 1
      to = from + Int(scratch.lengths[start])
      while end < scratch.symbols.count, mayTouch(scratch.symbols[end - 1], scratch.symbols[end]) {
        to += Int(scratch.lengths[end])
        end += 1
      }
      if end - start == 1 {
        ids.append(scratch.symbols[start])
      } else {
        merge(start..<end, text, from..<min(to, text.count), &scratch, &ids)
      }
      start = end
      from = to
    }
  }

  private func merge(
    _ range: Range<Int>, _ text: UnsafeRawBufferPointer, _ place: Range<Int>,
    _ scratch: inout ModelScratch, _ ids: inout [Int32]
  ) {
    scratch.part.removeAll(keepingCapacity: true)
    scratch.part.append(contentsOf: scratch.symbols[range])
    // Symbols, not text, are the key: unknown characters have no text of their own.
    let isCached = range.count <= PieceCache.longestPiece / 4
    let hash: UInt64
    if isCached {
      let known = scratch.part.withUnsafeBytes { bytes -> (Bool, UInt64) in
        let hash = PieceCache.hash(bytes) ^ 0x5851_f42d_4c95_7f2c | 1
        return (scratch.cache.find(bytes, hash, into: &ids), hash)
      }
      if known.0 { return }
      hash = known.1
    } else {
      hash = 0
    }
    let key = scratch.part
    scratch.merger.merge(&scratch.part)
    if isCached { key.withUnsafeBytes { scratch.cache.insert($0, hash, scratch.part) } }
    ids.append(contentsOf: scratch.part)
  }

  /// Appends the tokens of a piece of text.
  func tokenize(
    _ text: UnsafeRawBufferPointer, _ scratch: inout ModelScratch, into tokens: inout [ModelToken]
  ) {
    if rules.ignoresMerges {
      let id = vocabulary.id(text)
      if id >= 0 {
        tokens.append(ModelToken(id: id, start: 0, end: text.count))
        return
      }
    }
    read(text, &scratch)
    let places = scratch.merger.mergeKeepingPlaces(&scratch.symbols)
    var start = 0
    for (index, place) in places.enumerated() {
      let next = index + 1 < places.count ? places[index + 1] : scratch.lengths.count
      let length = scratch.lengths[place..<next].reduce(0) { $0 + Int($1) }
      tokens.append(ModelToken(id: scratch.symbols[index], start: start, end: start + length))
      start += length
    }
  }

  /// The symbols of a text before merging, and how many bytes each stands for.
  private func read(_ text: UnsafeRawBufferPointer, _ scratch: inout ModelScratch) {
    scratch.symbols.removeAll(keepingCapacity: true)
    scratch.lengths.removeAll(keepingCapacity: true)
    var index = 0
    var isUnknown = false
    while index < text.count {
      let (code, next) = UTF8Scalars.read(text, index)
      let start = index
      index = next
      let id: Int32
      if !symbols.isEmpty, code < 0x10000 {
        id = symbols[Int(code)]
        if id < 0 { scratch.key.removeAll(keepingCapacity: true) }
      } else {
        spell(text, start..<next, &scratch.key)
        id = scratch.key.withUnsafeBytes { vocabulary.id($0) }
      }
      if id >= 0 {
        scratch.symbols.append(id)
        scratch.lengths.append(Int32(next - start))
        isUnknown = false
        continue
      }
      if rules.fallsBackToBytes, fallBack(text, start..<next, &scratch) {
        // The reference keeps an unknown run open across byte pieces: it is put behind them.
        if isUnknown { moveUnknownBehind(next - start, &scratch) }
        continue
      }
      guard unknown >= 0 else { continue }
      if isUnknown, rules.fusesUnknown {
        scratch.lengths[scratch.lengths.count - 1] += Int32(next - start)
      } else {
        scratch.symbols.append(unknown)
        scratch.lengths.append(Int32(next - start))
      }
      isUnknown = true
    }
  }

  private func fallBack(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ scratch: inout ModelScratch
  ) -> Bool {
    if scratch.key.isEmpty { spell(text, range, &scratch.key) }
    guard scratch.key.allSatisfy({ byteIDs[Int($0)] >= 0 }) else { return false }
    for byte in scratch.key {
      scratch.symbols.append(byteIDs[Int(byte)])
      scratch.lengths.append(1)
    }
    return true
  }

  private func moveUnknownBehind(_ count: Int, _ scratch: inout ModelScratch) {
    let added = scratch.key.count
    let place = scratch.symbols.count - added - 1
    guard place >= 0 else { return }
    scratch.symbols.append(scratch.symbols.remove(at: place))
    scratch.lengths.append(scratch.lengths.remove(at: place))
  }

  /// A character with the prefix of those inside a word and the suffix of the last.
  private func spell(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ key: inout [UInt8]
  ) {
    key.removeAll(keepingCapacity: true)
    if range.lowerBound > 0 { key.append(contentsOf: rules.prefix) }
    key.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[range]))
    if range.upperBound == text.count { key.append(contentsOf: rules.suffix) }
  }
}
