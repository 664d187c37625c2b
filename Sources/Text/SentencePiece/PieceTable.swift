internal import DSXCore

/// The pieces of a vocabulary by id and by text.
struct PieceTable {
  private let arena: [UInt8]
  private let starts: [Int32]
  private let slots: [Int32]
  /// What each piece is for.
  let kinds: [SentencePieceModel.Kind]
  /// The score of each piece.
  let scores: [Float]
  /// The id for what the vocabulary does not hold; -1 in a model that has only bytes for that.
  let unknown: Int32
  /// The ids of the 256 bytes; empty without byte fallback.
  let byteIDs: [Int32]
  /// The byte that a piece stands for, -1 for the others.
  let byteOfID: [Int16]

  /// Number of pieces.
  var count: Int { kinds.count }

  /// Checks what SentencePiece checks: no piece twice, one unknown piece or byte fallback, all bytes
  /// or none. Only in BPE models ordinary and reserved pieces share one table.
  init(_ model: SentencePieceModel) throws(DSXError) {
    var arena: [UInt8] = []
    var starts: [Int32] = [0]
    for piece in model.pieces {
      guard arena.count + piece.text.count <= Int(Int32.max) else {
        throw DSXError(.unsupported, "the pieces have more than 2 GiB of text")
      }
      arena.append(contentsOf: piece.text)
      starts.append(Int32(arena.count))
    }
    self.arena = arena
    self.starts = starts
    kinds = model.pieces.map(\.kind)
    scores = model.pieces.map(\.score)
    var capacity = 16
    while capacity < model.pieces.count * 2 { capacity <<= 1 }
    var slots = [Int32](repeating: -1, count: capacity)
    var unknown: Int32 = -1
    var bytes = [Int32](repeating: -1, count: 256)
    var byteOfID = [Int16](repeating: -1, count: model.pieces.count)
    let isShared = model.algorithm == .bpe
    for (id, piece) in model.pieces.enumerated() {
      func fault(_ message: String) -> DSXError {
        DSXError(.malformed, "piece \(id) " + message, byte: piece.offset)
      }
      var slot = piece.text.withUnsafeBytes { Self.hash($0) } & (capacity - 1)
      while slots[slot] >= 0 {
        let other = Int(slots[slot])
        if model.pieces[other].text == piece.text,
          isShared || Self.isReserved(kinds[other]) == Self.isReserved(piece.kind)
        {
          throw fault("has the same text as piece \(other)")
        }
        slot = (slot + 1) & (capacity - 1)
      }
      // The lone zero byte has an id and nothing else.
      if piece.text != [0] { slots[slot] = Int32(id) }
      if piece.kind == .unknown {
        guard unknown < 0 else { throw fault("is a second unknown piece") }
        unknown = Int32(id)
      }
      if piece.kind == .byte {
        guard model.byteFallback else { throw fault("is a byte in a model without byte fallback") }
        guard let byte = Self.byte(piece.text), bytes[Int(byte)] < 0 else {
          throw fault("is no byte from <0x00> to <0xFF>")
        }
        bytes[Int(byte)] = Int32(id)
        byteOfID[id] = Int16(byte)
      }
    }
    self.slots = slots
    guard unknown >= 0 || model.byteFallback else {
      throw DSXError(.malformed, "the model has no unknown piece")
    }
    self.unknown = unknown
    guard !model.byteFallback || !bytes.contains(-1) else {
      throw DSXError(.malformed, "the model has byte fallback, but not all 256 byte pieces")
    }
    byteIDs = model.byteFallback ? bytes : []
    self.byteOfID = byteOfID
  }

  /// Whether text can become that piece: normal, user-defined or unused ones.
  func isOrdinary(_ id: Int32) -> Bool {
    !Self.isReserved(kinds[Int(id)]) && !(text(id).count == 1 && text(id).first == 0)
  }

  /// Number of bytes of a piece.
  @inline(__always)
  func byteCount(_ id: Int32) -> Int { Int(starts[Int(id) + 1] - starts[Int(id)]) }

  /// The text of a piece.
  func text(_ id: Int32) -> ArraySlice<UInt8> {
    arena[Int(starts[Int(id)])..<Int(starts[Int(id) + 1])]
  }

  /// The piece of that text that merging can make or that stands for text: normal, user-defined, unused.
  func ordinary(_ text: UnsafeRawBufferPointer) -> Int32? { find(text, reserved: false) }

  /// `PieceToId`: control, unknown and byte pieces first, then the others; nil when there is none.
  func id(_ text: UnsafeRawBufferPointer) -> Int32? {
    find(text, reserved: true) ?? find(text, reserved: false)
  }

  private func find(_ text: UnsafeRawBufferPointer, reserved: Bool) -> Int32? {
    var slot = Self.hash(text) & (slots.count - 1)
    while slots[slot] >= 0 {
      let id = slots[slot]
      if Self.isReserved(kinds[Int(id)]) == reserved, equals(id, text) { return id }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func equals(_ id: Int32, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = Int(starts[Int(id)])
    guard Int(starts[Int(id) + 1]) - start == text.count else { return false }
    for index in 0..<text.count where arena[start + index] != text[index] { return false }
    return true
  }

  static func isReserved(_ kind: SentencePieceModel.Kind) -> Bool {
    kind == .control || kind == .unknown || kind == .byte
  }

  private static func hash(_ text: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x7fff_ffff_ffff)
  }

  /// The byte of `<0xAB>`.
  private static func byte(_ text: [UInt8]) -> UInt8? {
    guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else {
      return nil
    }
    let digits = Array("0123456789ABCDEF".utf8)
    guard let high = digits.firstIndex(of: text[3]), let low = digits.firstIndex(of: text[4]) else {
      return nil
    }
    return UInt8(high << 4 | low)
  }
}
