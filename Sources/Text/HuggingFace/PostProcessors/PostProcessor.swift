/// What is put around texts: the post-processors of a `tokenizer.json`.
indirect enum PostProcessor: Sendable {
  /// One piece of a template.
  enum Piece: Sendable {
    /// The first text (0) or the second (1).
    case sequence(Int, typeID: Int32)
    case special(ids: [Int32], tokens: [String], typeID: Int32)
  }

  case sequence([PostProcessor])
  case template(single: [Piece], pair: [Piece])
  case bert(cls: SpecialToken, sep: SpecialToken)
  case roberta(cls: SpecialToken, sep: SpecialToken, trimsOffsets: Bool, addsPrefixSpace: Bool)
  /// Blanks are left out of the offsets.
  case byteLevel(trimsOffsets: Bool, addsPrefixSpace: Bool)

  /// How many tokens it adds.
  func added(isPair: Bool) -> Int {
    switch self {
    case .sequence(let parts): return parts.reduce(0) { $0 + $1.added(isPair: isPair) }
    case .template(let single, let pair):
      return (isPair ? pair : single).reduce(0) { sum, piece in
        if case .special(let ids, _, _) = piece { sum + ids.count } else { sum }
      }
    case .bert: return isPair ? 3 : 2
    case .roberta: return isPair ? 4 : 2
    case .byteLevel: return 0
    }
  }

  /// The encodings of one or two texts with what is put around them; the caller joins them.
  func apply(_ encodings: [Encoding], addSpecialTokens: Bool) -> [Encoding] {
    switch self {
    case .sequence(let parts):
      return parts.reduce(encodings) { $1.apply($0, addSpecialTokens: addSpecialTokens) }
    case .template(let single, let pair):
      return fill(encodings.count > 1 ? pair : single, encodings, addSpecialTokens)
    case .bert(let cls, let sep):
      guard addSpecialTokens else { return encodings }
      return encodings.enumerated().map { index, encoding in
        encoding.surrounded(
          by: index == 0 ? cls : nil, sep, typeID: index == 0 ? 0 : 1)
      }
    case .roberta(let cls, let sep, let trimsOffsets, let addsPrefixSpace):
      var encodings = encodings
      for index in encodings.indices {
        if trimsOffsets { encodings[index].trimOffsets(addsPrefixSpace) }
        encodings[index].typeIDs = encodings[index].ids.map { _ in 0 }
        // Without special tokens the library leaves the types of the overflowing parts alone.
        if addSpecialTokens { encodings[index].setTypeIDs(0) }
      }
      guard addSpecialTokens else { return encodings }
      return encodings.enumerated().map { index, encoding in
        encoding.surrounded(by: index == 0 ? cls : sep, sep, typeID: 0)
      }
    case .byteLevel(let trimsOffsets, let addsPrefixSpace):
      var encodings = encodings
      if trimsOffsets {
        for index in encodings.indices { encodings[index].trimOffsets(addsPrefixSpace) }
      }
      return encodings
    }
  }

  private func fill(_ template: [Piece], _ encodings: [Encoding], _ addSpecialTokens: Bool)
    -> [Encoding]
  {
    var output: [Encoding] = []
    for piece in template {
      switch piece {
      case .sequence(let place, let typeID):
        guard place < encodings.count else { continue }
        var encoding = encodings[place]
        encoding.typeIDs = encoding.ids.map { _ in typeID }
        output.append(encoding)
      case .special(let ids, let tokens, let typeID):
        guard addSpecialTokens else { continue }
        var encoding = Encoding()
        for (id, token) in zip(ids, tokens) { encoding.appendSpecial(token, id, typeID: typeID) }
        output.append(encoding)
      }
    }
    return output
  }
}
