extension JiebaCutter {
  /// The words of a string: `jieba.lcut(text, HMM=hmm)`, `lcut(text, cut_all=True)` or
  /// `lcut_for_search(text, HMM=hmm)`.
  public mutating func words(
    _ text: String, mode: JiebaMode = .accurate, hmm: Bool = true
  ) -> [String] {
    var text = text
    var words: [String] = []
    text.withUTF8 { buffer in
      let bytes = UnsafeRawBufferPointer(buffer)
      func add(_ range: Range<Int>) { words.append(String(decoding: bytes[range], as: UTF8.self)) }
      switch mode {
      case .accurate: cut(bytes, hmm: hmm, add)
      case .search: cutForSearch(bytes, hmm: hmm, add)
      case .full: cutAll(bytes) { words.append(String(decoding: $0, as: UTF8.self)) }
      }
    }
    return words
  }

  /// The words with their places: `jieba.tokenize(text, mode=..., HMM=hmm)`; `forSearch` is its mode
  /// "search", whose short words lie inside the long ones.
  public mutating func positions(
    _ text: String, forSearch: Bool = false, hmm: Bool = true
  ) -> [JiebaWord] {
    var text = text
    var words: [JiebaWord] = []
    text.withUTF8 { buffer in
      let bytes = UnsafeRawBufferPointer(buffer)
      // Code points before a byte: continuation bytes do not count. Ranges begin at most one word
      // before the place that was counted last.
      var (known, count) = (0, 0)
      func codePoints(_ byte: Int) -> Int {
        while known < byte {
          if bytes[known] & 0xc0 != 0x80 { count += 1 }
          known += 1
        }
        while known > byte {
          known -= 1
          if bytes[known] & 0xc0 != 0x80 { count -= 1 }
        }
        return count
      }
      func add(_ range: Range<Int>) {
        let start = codePoints(range.lowerBound)
        words.append(
          JiebaWord(
            word: String(decoding: bytes[range], as: UTF8.self),
            range: start..<codePoints(range.upperBound)))
      }
      if forSearch { cutForSearch(bytes, hmm: hmm, add) } else { cut(bytes, hmm: hmm, add) }
    }
    return words
  }
}
