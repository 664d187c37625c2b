internal import DSXCore

/// Unigram: the pieces whose scores add to the most, in float64 and in the order of the reference.
final class UnigramModel: Sendable {
  let vocabulary: PieceVocabulary
  let unknown: Int32
  private let scores: [Double]
  private let unknownScore: Double
  private let byteIDs: [Int32]?
  private let trie: ByteTrie

  /// Throws `malformed` when `unknown` lies outside the vocabulary.
  init(_ pieces: [(String, Double)], unknown: Int, fallsBackToBytes: Bool) throws(DSXError) {
    guard unknown >= 0, unknown < pieces.count else {
      throw DSXError(.malformed, "unk_id \(unknown) is outside of the vocabulary")
    }
    var entries: [(spelling: String, id: Int)] = []
    entries.reserveCapacity(pieces.count)
    for (id, piece) in pieces.enumerated() { entries.append((piece.0, id)) }
    vocabulary = try PieceVocabulary(entries, lastWins: true)
    self.unknown = Int32(unknown)
    scores = pieces.map(\.1)
    unknownScore = (scores.min() ?? 0) - 10
    var trie = ByteTrie()
    for (id, piece) in pieces.enumerated() where !piece.0.isEmpty {
      trie.insert(piece.0.utf8, Int32(id))
    }
    self.trie = trie
    var bytes: [Int32] = []
    if fallsBackToBytes {
      for byte in UInt8.min...UInt8.max {
        bytes.append(vocabulary.id(of: ByteFallback.spelling(byte)) ?? -1)
      }
    }
    byteIDs = fallsBackToBytes ? bytes : nil
  }

  /// Appends the tokens of a piece of text.
  func tokenize(
    _ text: UnsafeRawBufferPointer, _ scratch: inout ModelScratch, into tokens: inout [ModelToken]
  ) {
    let size = text.count
    guard size > 0 else { return }
    scratch.scores.removeAll(keepingCapacity: true)
    scratch.starts.removeAll(keepingCapacity: true)
    scratch.symbols.removeAll(keepingCapacity: true)
    scratch.scores.append(contentsOf: repeatElement(0, count: size + 1))
    scratch.starts.append(contentsOf: repeatElement(-1, count: size + 1))
    scratch.symbols.append(contentsOf: repeatElement(0, count: size + 1))
    var start = 0
    while start < size {
      let before = scratch.scores[start]
      let single = UTF8Scalars.read(text, start).next
      var hasSingle = false
      func offer(_ end: Int, _ id: Int32, _ score: Double) {
        let total = score + before
        if scratch.starts[end] < 0 || total > scratch.scores[end] {
          scratch.scores[end] = total
          scratch.starts[end] = Int32(truncatingIfNeeded: start)
          scratch.symbols[end] = id
        }
      }
      var node: UInt32 = 0
      var index = start
      while index < size, let next = trie.child(node, text[index]) {
        node = next
        index += 1
        let id = trie.value(node)
        guard id >= 0 else { continue }
        offer(index, id, scores[Int(id)])
        if index == single { hasSingle = true }
      }
      if !hasSingle { offer(single, unknown, unknownScore) }
      start = single
    }
    scratch.path.removeAll(keepingCapacity: true)
    var end = size
    var joins = false
    while end > 0, scratch.starts[end] >= 0 {
      let start = Int(scratch.starts[end])
      if scratch.symbols[end] == unknown {
        if joins, !scratch.path.isEmpty {
          scratch.path[scratch.path.count - 1].start = start
        } else {
          scratch.path.append(ModelToken(id: unknown, start: start, end: end))
        }
        joins = true
      } else {
        scratch.path.append(ModelToken(id: scratch.symbols[end], start: start, end: end))
        joins = false
      }
      end = start
    }
    for token in scratch.path.reversed() {
      guard token.id == unknown else {
        tokens.append(token)
        continue
      }
      appendUnknown(text, token, into: &tokens)
    }
  }

  /// What no piece covers: a piece after all when it is one as a whole, else bytes, else unknown.
  private func appendUnknown(
    _ text: UnsafeRawBufferPointer, _ token: ModelToken, into tokens: inout [ModelToken]
  ) {
    let part = UnsafeRawBufferPointer(rebasing: text[token.start..<token.end])
    let id = vocabulary.id(part)
    if id >= 0 {
      tokens.append(ModelToken(id: id, start: token.start, end: token.end))
    } else if let byteIDs, part.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
      for byte in part {
        tokens.append(ModelToken(id: byteIDs[Int(byte)], start: token.start, end: token.end))
      }
    } else {
      tokens.append(token)
    }
  }
}

/// The pieces that stand for single bytes: `<0x41>`.
enum ByteFallback {
  /// The spelling of a byte.
  static func spelling(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return "<0x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])>"
  }

  /// The byte of a spelling, as the decoder reads it: two hexadecimal digits (or a sign and one, as
  /// the reference's number reader takes it) between `<0x` and `>`.
  static func byte(_ spelling: String) -> UInt8? {
    let text = Array(spelling.utf8)
    guard text.count == 6, text[0] == 0x3c, text[1] == 0x30, text[2] == 0x78, text[5] == 0x3e else {
      return nil
    }
    return UInt8(String(decoding: text[3...4], as: UTF8.self), radix: 16)
  }
}
