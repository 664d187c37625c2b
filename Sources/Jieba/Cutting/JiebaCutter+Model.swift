extension JiebaCutter {
  /// Jieba's `__cut_DAG`: neighbouring words of one character are looked at again, with the model.
  mutating func walkWithModel(_ text: UnsafeRawBufferPointer, from start: Int) {
    let count = codes.count - 1
    var index = 0
    // Where the buffered single characters began.
    var first = 0
    while index < count {
      let length = Int(steps[index])
      if length == 1 {
        index += 1
        continue
      }
      if first < index { flush(text, first..<index, from: start) }
      index += length
      ends.append(start + offsets[index])
      first = index
    }
    if first < index { flush(text, first..<index, from: start) }
  }

  /// Cuts the buffered single characters: characters `run` of the run that starts at byte `start`.
  private mutating func flush(_ text: UnsafeRawBufferPointer, _ run: Range<Int>, from start: Int) {
    if run.count == 1 {
      ends.append(start + offsets[run.upperBound])
    } else if isWord(run) {
      // The best path has it in single characters although it is a word: jieba keeps them apart.
      for index in run { ends.append(start + offsets[index + 1]) }
    } else {
      cutUnknown(text, start + offsets[run.lowerBound]..<start + offsets[run.upperBound])
    }
  }

  /// Whether these characters of the run are a word with a frequency above 0.
  func isWord(_ run: Range<Int>) -> Bool {
    var base = dictionary.rootBase
    var unit = TrieUnit.none
    for index in run {
      let code = codes[index]
      unit = dictionary.units[base + Int(code)].matching(code)
      guard unit != .none else { return false }
      base = unit.base
    }
    return unit.frequency > 0
  }

  /// Jieba's `finalseg.cut`: runs of Chinese characters through the model, the rest by its pattern.
  private mutating func cutUnknown(_ text: UnsafeRawBufferPointer, _ bytes: Range<Int>) {
    var index = bytes.lowerBound
    while index < bytes.upperBound {
      let first = index
      if text[index] >= 0x80 {
        while index < bytes.upperBound, text[index] >= 0x80 { index += 3 }
        cutChinese(text, first..<index)
      } else {
        while index < bytes.upperBound, text[index] < 0x80 { index += 1 }
        cutASCII(text, first..<index)
      }
    }
  }

  /// Splits at `[a-zA-Z0-9]+(?:\.\d+)?%?`; what lies between two matches stays one word.
  private mutating func cutASCII(_ text: UnsafeRawBufferPointer, _ bytes: Range<Int>) {
    let end = bytes.upperBound
    var index = bytes.lowerBound
    while index < end {
      if !ScalarClass.isAlphanumeric(text[index]) {
        while index < end, !ScalarClass.isAlphanumeric(text[index]) { index += 1 }
      } else {
        while index < end, ScalarClass.isAlphanumeric(text[index]) { index += 1 }
        if index + 1 < end, text[index] == UInt8(ascii: "."), text[index + 1] &- 0x30 < 10 {
          index += 2
          while index < end, text[index] &- 0x30 < 10 { index += 1 }
        }
        if index < end, text[index] == UInt8(ascii: "%") { index += 1 }
      }
      ends.append(index)
    }
  }

  /// Jieba's `viterbi` and `__cut` on a run of Chinese characters (three bytes each).
  ///
  /// Sums are made in the order value + transition + emission; of equal sums the state with the larger
  /// letter wins (S > M > E > B), at the end S before E. A state's predecessors are only those of
  /// jieba's `PrevStatus`: B after E S, E after B M, M after M B, S after S E.
  private mutating func cutChinese(_ text: UnsafeRawBufferPointer, _ bytes: Range<Int>) {
    let count = bytes.count / 3
    guard count > 1 else {
      ends.append(bytes.upperBound)
      return
    }
    if states.count < count { states = Array(repeating: 0, count: max(count, 256)) }
    let emission = dictionary.emission
    let transition = dictionary.transition
    func emitted(_ index: Int) -> UnsafePointer<Double> {
      let byte = bytes.lowerBound + index * 3
      let scalar =
        Int(text[byte] & 0x0f) << 12 | Int(text[byte + 1] & 0x3f) << 6 | Int(text[byte + 2] & 0x3f)
      return emission + (scalar - HMMTables.scalars.lowerBound) * 4
    }
    // transition[from * 4 + to] with B E M S = 0 1 2 3
    let (eb, sb) = (transition[4], transition[12])
    let (be, me) = (transition[1], transition[9])
    let (bm, mm) = (transition[2], transition[10])
    let (es, ss) = (transition[7], transition[15])
    states.withUnsafeMutableBufferPointer { states in
      var row = emitted(0)
      var b = dictionary.start[0] + row[0]
      var e = dictionary.start[1] + row[1]
      var m = dictionary.start[2] + row[2]
      var s = dictionary.start[3] + row[3]
      for index in 1..<count {
        row = emitted(index)
        let (fromE, fromS) = (e + eb + row[0], s + sb + row[0])
        let (fromB, fromM) = (b + be + row[1], m + me + row[1])
        let (startedB, wentM) = (b + bm + row[2], m + mm + row[2])
        let (endedE, wentS) = (e + es + row[3], s + ss + row[3])
        // One bit a state says which of its two predecessors won: the larger letter.
        var choice: UInt8 = 0
        if fromS >= fromE { choice |= 1 }
        if fromM >= fromB { choice |= 2 }
        if wentM >= startedB { choice |= 4 }
        if wentS >= endedE { choice |= 8 }
        b = choice & 1 != 0 ? fromS : fromE
        e = choice & 2 != 0 ? fromM : fromB
        m = choice & 4 != 0 ? wentM : startedB
        s = choice & 8 != 0 ? wentS : endedE
        states[index] = choice
      }
      var state: UInt8 = s >= e ? 3 : 1
      var index = count - 1
      while index > 0 {
        let choice = states[index]
        states[index] = state
        switch state {
        case 0: state = choice & 1 != 0 ? 3 : 1
        case 1: state = choice & 2 != 0 ? 2 : 0
        case 2: state = choice & 4 != 0 ? 2 : 0
        default: state = choice & 8 != 0 ? 3 : 1
        }
        index -= 1
      }
      states[0] = state
    }
    // E and S end a word; the last state is one of them, so nothing is left over.
    if dictionary.split.isEmpty {
      for index in 0..<count where states[index] & 1 != 0 {
        ends.append(bytes.lowerBound + (index + 1) * 3)
      }
    } else {
      endWords(text, bytes.lowerBound, count)
    }
  }

  /// The words that the states make of Chinese characters from byte `start` on; those that a user
  /// deleted are split into their characters (`Force_Split_Words`).
  private mutating func endWords(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) {
    var first = 0
    for index in 0..<count where states[index] & 1 != 0 {
      let word = text[start + first * 3..<start + (index + 1) * 3]
      if dictionary.split.contains(Array(word)) {
        for inside in first..<index { ends.append(start + (inside + 1) * 3) }
      }
      ends.append(start + (index + 1) * 3)
      first = index + 1
    }
  }
}
