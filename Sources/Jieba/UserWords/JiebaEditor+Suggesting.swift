public import DSXCore
internal import Glibc

extension JiebaEditor {
  /// `suggest_freq(word)`: the frequency that lets the word be cut out as a whole.
  public func suggestedFrequency(of word: String) -> Int {
    let total = Double(total)
    var share = 1.0
    for piece in plainWords(word) { share *= Double(frequency(of: piece) ?? 1) / total }
    // The bound is above all frequencies that `add` takes.
    return max(Int(min(share * total, 1e16)) + 1, frequency(of: word) ?? 1)
  }

  /// `suggest_freq(parts)`: the frequency that lets the word be split into these parts.
  public func suggestedFrequency(splitting parts: [String]) -> Int {
    let total = Double(total)
    var share = 1.0
    for part in parts { share *= Double(frequency(of: part) ?? 1) / total }
    return min(Int(min(share * total, 1e16)), frequency(of: parts.joined()) ?? 0)
  }

  /// `suggest_freq(word, tune=True)`: adds the word with the frequency that lets it be cut out, which is returned.
  @discardableResult
  public mutating func tune(_ word: String) throws(DSXError) -> Int {
    let frequency = suggestedFrequency(of: word)
    try add(word, frequency: frequency)
    return frequency
  }

  /// `suggest_freq(parts, tune=True)`: gives the whole word the frequency that lets it be split, which is returned.
  @discardableResult
  public mutating func tune(splitting parts: [String]) throws(DSXError) -> Int {
    let frequency = suggestedFrequency(splitting: parts)
    try add(parts.joined(), frequency: frequency)
    return frequency
  }

  /// `jieba.cut(text, HMM=False)` with the dictionary as it is now.
  private func plainWords(_ text: String) -> [String] {
    var text = text
    return text.withUTF8 { buffer in
      let bytes = UnsafeRawBufferPointer(buffer)
      var words: [String] = []
      func add(_ range: Range<Int>) { words.append(String(decoding: bytes[range], as: UTF8.self)) }
      var index = 0
      while index < bytes.count {
        var (kind, _, length) = ScalarClass.read(bytes, index)
        guard kind == .run else {
          if bytes[index] == 0x0d, index + 1 < bytes.count, bytes[index + 1] == 0x0a { length = 2 }
          add(index..<index + length)
          index += length
          continue
        }
        var codes: [UInt16] = []
        var offsets = [index]
        while kind == .run {
          codes.append(scalars.code(of: UInt32(UTF8Scalar.read(bytes, &index))))
          offsets.append(index)
          kind = index < bytes.count ? ScalarClass.read(bytes, index).kind : .blank
        }
        plainRun(bytes, codes, offsets, add)
      }
      return words
    }
  }

  private func plainRun(
    _ bytes: UnsafeRawBufferPointer, _ codes: [UInt16], _ offsets: [Int],
    _ add: (Range<Int>) -> Void
  ) {
    let steps = plainRoute(codes)
    var index = 0
    var joined: Int?
    while index < codes.count {
      let end = index + steps[index]
      if steps[index] == 1, ScalarClass.isAlphanumeric(bytes[offsets[index]]) {
        joined = joined ?? index
      } else {
        if let first = joined { add(offsets[first]..<offsets[index]) }
        joined = nil
        add(offsets[index]..<offsets[end])
      }
      index = end
    }
    if let first = joined { add(offsets[first]..<offsets[index]) }
  }

  /// The lengths of the best words from each character: `get_DAG` and `calc`, without tables that each
  /// change of the total would make wrong.
  private func plainRoute(_ codes: [UInt16]) -> [Int] {
    let logTotal = log(Double(total))
    var route = [Double](repeating: 0, count: codes.count + 1)
    var steps = [Int](repeating: 1, count: codes.count)
    for index in codes.indices.reversed() {
      var best = -Double.infinity
      var (base, end) = (rootBase, index)
      while end < codes.count {
        let unit = step(base, codes[end])
        guard unit != .none else { break }
        end += 1
        base = unit.base
        guard unit.frequency > 0 else { continue }
        let score = (log(Double(numbers.values[unit.frequency])) - logTotal) + route[end]
        if score >= best {
          best = score
          steps[index] = end - index
        }
      }
      route[index] = best == -.infinity ? (0 - logTotal) + route[index + 1] : best
    }
    return steps
  }
}
