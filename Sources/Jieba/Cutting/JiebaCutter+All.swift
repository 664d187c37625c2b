extension JiebaCutter {
  /// Calls `emit` with each word of full mode: `jieba.cut(text, cut_all=True)`, which has no model.
  ///
  /// Words overlap. Around white space come empty words, as from jieba. The bytes are valid inside
  /// `emit` only.
  public mutating func cutAll(
    _ text: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) -> Void
  ) {
    var index = 0
    while index < text.count {
      if ScalarClass.read(text, index).kind == .run {
        let end = readRun(text, from: index)
        allWords(text, from: index, emit)
        index = end
      } else {
        index = pieces(text, from: index, emit)
      }
    }
  }

  /// What lies between two runs: split at white space, the empty pieces too.
  private func pieces(
    _ text: UnsafeRawBufferPointer, from start: Int, _ emit: (UnsafeRawBufferPointer) -> Void
  ) -> Int {
    var piece = start
    var index = start
    while index < text.count {
      let (kind, _, length) = ScalarClass.read(text, index)
      guard kind != .run else { break }
      guard kind == .blank else {
        index += length
        continue
      }
      emit(UnsafeRawBufferPointer(rebasing: text[piece..<index]))
      var end = index + length
      if text[index] == 0x0d, end < text.count, text[end] == 0x0a { end += 1 }
      emit(UnsafeRawBufferPointer(rebasing: text[index..<end]))
      piece = end
      index = end
    }
    emit(UnsafeRawBufferPointer(rebasing: text[piece..<index]))
    return index
  }

  /// Jieba's `__cut_all` on the run that was read.
  ///
  /// Words that begin with an ASCII letter or digit are joined until another character comes, even
  /// when other words were given in between: the joined word need not be a part of the text.
  private func allWords(
    _ text: UnsafeRawBufferPointer, from start: Int, _ emit: (UnsafeRawBufferPointer) -> Void
  ) {
    func bytes(_ first: Int, _ end: Int) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(rebasing: text[start + offsets[first]..<start + offsets[end]])
    }
    var joined: [UInt8] = []
    var isJoining = false
    // The character behind the last word.
    var covered = 0
    for index in 0..<codes.count - 1 {
      let isAlphanumeric = ScalarClass.isAlphanumeric(text[start + offsets[index]])
      if isJoining, !isAlphanumeric {
        isJoining = false
        joined.withUnsafeBytes(emit)
      }
      let (words, only) = wordEnds(from: index)
      if words <= 1, index >= covered {
        if isAlphanumeric {
          if !isJoining { joined.removeAll(keepingCapacity: true) }
          isJoining = true
          joined.append(contentsOf: bytes(index, only))
        } else {
          emit(bytes(index, only))
        }
        covered = only
      } else {
        eachWord(from: index) { end in
          guard end > index + 1 else { return }
          emit(bytes(index, end))
          covered = end
        }
      }
    }
    if isJoining { joined.withUnsafeBytes(emit) }
  }

  /// How many words begin at a character, and the end of the last of them: the character itself when
  /// there is none.
  private func wordEnds(from index: Int) -> (count: Int, last: Int) {
    var found = (count: 0, last: index + 1)
    eachWord(from: index) { end in
      found.count += 1
      found.last = end
    }
    return found
  }

  /// Calls `body` with the end of each word with a frequency above 0 that begins at a character.
  @inline(__always)
  private func eachWord(from index: Int, _ body: (Int) -> Void) {
    var base = dictionary.rootBase
    var end = index
    while base != 0 {
      let code = codes[end]
      let unit = dictionary.units[base + Int(code)].matching(code)
      guard unit != .none else { return }
      end += 1
      if unit.frequency > 0 { body(end) }
      base = unit.base
    }
  }
}
