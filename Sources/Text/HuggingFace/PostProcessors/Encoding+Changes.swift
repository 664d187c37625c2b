extension Encoding {
  /// Appends a token that comes from no text.
  mutating func appendSpecial(
    _ token: String, _ id: Int32, typeID: Int32, attention: UInt8 = 1
  ) {
    ids.append(id)
    typeIDs.append(typeID)
    sequenceIDs.append(nil)
    tokens.append(token)
    wordIDs.append(nil)
    offsets.append(0..<0)
    specialTokensMask.append(1)
    attentionMask.append(attention)
  }

  /// This encoding between two tokens, its overflowing parts too.
  func surrounded(by first: SpecialToken?, _ last: SpecialToken, typeID: Int32) -> Encoding {
    var output = Encoding()
    if let first { output.appendSpecial(first.content, first.id ?? 0, typeID: typeID) }
    var inner = self
    inner.overflowing = []
    inner.specialTokensMask = ids.map { _ in 0 }
    inner.attentionMask = ids.map { _ in 1 }
    output.append(inner)
    output.appendSpecial(last.content, last.id ?? 0, typeID: typeID)
    output.overflowing = overflowing.map { $0.surrounded(by: first, last, typeID: typeID) }
    return output
  }

  /// Sets the type of every token, of the overflowing parts too.
  mutating func setTypeIDs(_ typeID: Int32) {
    typeIDs = ids.map { _ in typeID }
    for index in overflowing.indices { overflowing[index].setTypeIDs(typeID) }
  }

  /// Leaves blanks at the ends of tokens out of their offsets, as ByteLevel does.
  mutating func trimOffsets(_ addsPrefixSpace: Bool) {
    for index in overflowing.indices { overflowing[index].trimOffsets(addsPrefixSpace) }
    for index in tokens.indices {
      func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x120 || UnicodeTables.has(scalar.value, .space)
      }
      let scalars = tokens[index].unicodeScalars
      var leading = scalars.prefix(while: isBlank).count
      let trailing = scalars.reversed().prefix(while: isBlank).count
      var (start, end) = (offsets[index].lowerBound, offsets[index].upperBound)
      if leading > 0 {
        if index == 0 || start == 0, addsPrefixSpace, leading == 1 { leading = 0 }
        start = min(start + leading, end)
      }
      if trailing > 0, end >= trailing { end = max(end - trailing, start) }
      offsets[index] = start..<end
    }
  }

  /// Appends another encoding. Of the overflowing parts of both all pairs are made.
  mutating func append(_ other: Encoding) {
    var parts: [Encoding] = []
    for mine in overflowing {
      for theirs in [other] + other.overflowing {
        var part = mine
        part.append(theirs)
        parts.append(part)
      }
    }
    for theirs in other.overflowing {
      var part = self
      part.append(theirs)
      parts.append(part)
    }
    ids += other.ids
    typeIDs += other.typeIDs
    sequenceIDs += other.sequenceIDs
    tokens += other.tokens
    wordIDs += other.wordIDs
    offsets += other.offsets
    specialTokensMask += other.specialTokensMask
    attentionMask += other.attentionMask
    overflowing = parts
  }

  /// A part of the tokens, without overflowing parts.
  func part(_ range: Range<Int>) -> Encoding {
    var part = Encoding()
    part.ids = Array(ids[range])
    part.typeIDs = Array(typeIDs[range])
    part.sequenceIDs = Array(sequenceIDs[range])
    part.tokens = Array(tokens[range])
    part.wordIDs = Array(wordIDs[range])
    part.offsets = Array(offsets[range])
    part.specialTokensMask = Array(specialTokensMask[range])
    part.attentionMask = Array(attentionMask[range])
    return part
  }
}
