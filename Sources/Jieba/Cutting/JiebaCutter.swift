/// Cuts texts into words as jieba 0.42.1 does, one after the other, on one thread.
///
/// Copies are independent. Time is linear in the text; memory is about four bytes for a byte of the
/// longest run without blanks and punctuation.
public struct JiebaCutter {
  let dictionary: JiebaDictionary
  /// Codes of the characters of a run.
  var codes: [UInt16] = []
  /// Best score from a character of the run to its end.
  var route: [Double] = []
  /// Characters of the best word that starts at a character.
  var steps: [UInt16] = []
  /// Viterbi decisions and states.
  var states: [UInt8] = []
  /// Ends of words that are not handed over yet, as byte offsets in the text.
  var ends: [Int] = []

  /// A cutter with scratch space of its own.
  public init(_ dictionary: JiebaDictionary) {
    self.dictionary = dictionary
    ends.reserveCapacity(Self.blockSize + 64)
  }

  static let blockSize = 4096

  /// Calls `emit` with the byte range of each word of `text` (valid UTF-8), in order: `jieba.cut`.
  ///
  /// The ranges follow each other without gaps and cover the whole text.
  public mutating func cut(
    _ text: UnsafeRawBufferPointer, hmm: Bool = true, _ emit: (Range<Int>) -> Void
  ) {
    var start = 0
    cutBlocks(text, hmm: hmm) { ends in
      for end in ends {
        emit(start..<end)
        start = end
      }
    }
  }

  /// As `cut`, in blocks: `emit` gets the ends of some thousand words as byte offsets in the text. A word
  /// starts where the one before it ended, the first at 0.
  public mutating func cutBlocks(
    _ text: UnsafeRawBufferPointer, hmm: Bool = true, _ emit: (UnsafeBufferPointer<Int>) -> Void
  ) {
    ends.removeAll(keepingCapacity: true)
    var index = 0
    while index < text.count {
      let (kind, _, length) = ScalarClass.read(text, index)
      if kind == .run {
        index = cutRun(text, from: index, hmm: hmm)
      } else {
        index += length
        let isReturn = kind == .blank && text[index - 1] == 0x0d
        if isReturn, index < text.count, text[index] == 0x0a { index += 1 }
        ends.append(index)
      }
      if ends.count >= Self.blockSize {
        ends.withUnsafeBufferPointer(emit)
        ends.removeAll(keepingCapacity: true)
      }
    }
    if !ends.isEmpty { ends.withUnsafeBufferPointer(emit) }
  }

  /// The words of a string: `jieba.lcut(text, HMM=hmm)`.
  public mutating func words(_ text: String, hmm: Bool = true) -> [String] {
    var text = text
    var words: [String] = []
    text.withUTF8 { buffer in
      let bytes = UnsafeRawBufferPointer(buffer)
      cut(bytes, hmm: hmm) { range in
        words.append(String(decoding: bytes[range], as: UTF8.self))
      }
    }
    return words
  }

  /// Cuts the run that starts at byte `start`; returns the byte behind it.
  private mutating func cutRun(_ text: UnsafeRawBufferPointer, from start: Int, hmm: Bool) -> Int {
    let end = readRun(text, from: start)
    findRoute()
    if hmm {
      walkWithModel(text, from: start)
    } else {
      walkPlain(text, from: start)
    }
    return end
  }

  /// Fills `codes` with the run that starts at byte `start`; returns the byte behind it.
  mutating func readRun(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    codes.removeAll(keepingCapacity: true)
    let table = dictionary.codes
    var index = start
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        guard ScalarClass.isRunASCII(byte) else { break }
        codes.append(table[Int(byte)])
        index += 1
      } else {
        let (kind, scalar, _) = ScalarClass.read(text, index)
        guard kind == .run else { break }
        codes.append(table[scalar])
        index += 3
      }
    }
    return index
  }

  /// The best path through the dictionary's words, from the right: jieba's `calc` over its `get_DAG`.
  ///
  /// Sums are made in jieba's order, `(log(frequency) - log(total)) + rest`, and of equal scores the
  /// longer word wins.
  private mutating func findRoute() {
    let count = codes.count
    if steps.count < count {
      let room = max(count, steps.count * 2, 256)
      steps = Array(repeating: 0, count: room)
      route = Array(repeating: 0, count: room + 1)
    }
    let units = dictionary.units
    let rootBase = dictionary.rootBase
    let logTotal = dictionary.logTotal
    // A character that is no word counts as if it had been seen once: log(1) = 0.
    let unknown = 0 - logTotal
    codes.withUnsafeBufferPointer { codes in
      route.withUnsafeMutableBufferPointer { route in
        steps.withUnsafeMutableBufferPointer { steps in
          var next = 0.0
          route[count] = 0
          var index = count - 1
          while index >= 0 {
            var best = unknown + next
            var length = 1
            var code = UInt32(codes[index])
            var unit = units[rootBase + Int(code)]
            if unit.check == code {
              if unit.logFrequency >= 0 {
                best = (unit.logFrequency - logTotal) + next
              } else {
                length = 0
              }
              var end = index + 1
              while end < count, unit.base != 0 {
                code = UInt32(codes[end])
                unit = units[Int(unit.base) + Int(code)]
                guard unit.check == code else { break }
                end += 1
                guard unit.logFrequency >= 0 else { continue }
                let score = (unit.logFrequency - logTotal) + route[end]
                // The length is 0 when the character alone is no word: then any word is better.
                if length == 0 || score >= best {
                  best = score
                  length = end - index
                }
              }
              if length == 0 { length = 1 }
            }
            route[index] = best
            steps[index] = UInt16(truncatingIfNeeded: length)
            next = best
            index -= 1
          }
        }
      }
    }
  }

  /// Jieba's `__cut_DAG_NO_HMM`: neighbouring single ASCII letters and digits become one word.
  private mutating func walkPlain(_ text: UnsafeRawBufferPointer, from start: Int) {
    var index = 0
    var byte = start
    var isBuffering = false
    while index < codes.count {
      let length = Int(steps[index])
      if length == 1, ScalarClass.isAlphanumeric(text[byte]) {
        isBuffering = true
        byte += 1
      } else {
        if isBuffering { ends.append(byte) }
        isBuffering = false
        for _ in 0..<length { byte += text[byte] < 0x80 ? 1 : 3 }
        ends.append(byte)
      }
      index += length
    }
    if isBuffering { ends.append(byte) }
  }
}
