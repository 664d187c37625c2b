extension JiebaCutter {
  /// Calls `emit` with the byte range of each word of search mode: `jieba.cut_for_search`.
  ///
  /// Before a word of more than two characters come the known words of two characters inside it, for more than
  /// three also those of three.
  public mutating func cutForSearch(
    _ text: UnsafeRawBufferPointer, hmm: Bool = true, _ emit: (Range<Int>) -> Void
  ) {
    let dictionary = dictionary
    cut(text, hmm: hmm) { word in
      // Only words of a run can be longer than two characters; those have one byte or three.
      if word.count > 2 { Self.grams(dictionary, text, word, emit) }
      emit(word)
    }
  }

  private static func grams(
    _ dictionary: JiebaDictionary, _ text: UnsafeRawBufferPointer, _ word: Range<Int>,
    _ emit: (Range<Int>) -> Void
  ) {
    func next(_ index: Int) -> Int {
      let byte = text[index]
      return index + (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4)
    }
    var count = 0
    var index = word.lowerBound
    while index < word.upperBound {
      index = next(index)
      count += 1
    }
    for length in 2...3 where count > length {
      var start = word.lowerBound
      for _ in 0...count - length {
        var end = start
        var unit = TrieUnit.none
        var base = dictionary.rootBase
        // A failed step leads to base 0, where the next one fails too.
        for _ in 0..<length {
          let code = dictionary.codes[UTF8Scalar.read(text, &end)]
          unit = dictionary.units[base + Int(code)].matching(code)
          base = unit.base
        }
        if unit.frequency > 0 { emit(start..<end) }
        start = next(start)
      }
    }
  }
}
