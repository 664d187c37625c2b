/// Cuts texts into words as jieba 0.42.1 does, one after the other, on one thread.
///
/// Copies are independent. Time is linear in the text; memory is about twelve bytes for a character of
/// the longest run without blanks and punctuation.
public struct JiebaCutter {
  let dictionary: JiebaDictionary
  /// Codes of the characters of a run, and a 0 behind them.
  var codes: [UInt16] = []
  /// Byte offsets of the characters of the run from its start, and of its end.
  var offsets: [Int] = []
  /// Best score from a character of the run to its end: a ring, as no word is longer.
  var route: [Double]
  /// Characters of the best word that starts at a character.
  var steps: [UInt16] = []
  /// The dictionary's units of one and of two characters, from some characters of the run on.
  var firsts: [TrieUnit]
  var seconds: [TrieUnit]
  /// Viterbi decisions and states.
  var states: [UInt8] = []
  /// Ends of words that are not handed over yet, as byte offsets in the text.
  var ends: [Int] = []

  /// A cutter with scratch space of its own.
  public init(_ dictionary: JiebaDictionary) {
    self.dictionary = dictionary
    route = Array(repeating: 0, count: dictionary.ringSize)
    firsts = Array(repeating: .none, count: Self.chunk)
    seconds = firsts
    ends.reserveCapacity(Self.blockSize + 64)
  }

  static let blockSize = 4096
  /// Characters whose units are looked up together.
  static let chunk = 256

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

  /// Fills `codes` and `offsets` with the run that starts at byte `start`; returns the byte behind it.
  mutating func readRun(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    codes.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    let table = dictionary.codes
    var index = start
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        guard ScalarClass.isRunASCII(byte) else { break }
        codes.append(table[Int(byte)])
        offsets.append(index - start)
        index += 1
      } else {
        let (kind, scalar, _) = ScalarClass.read(text, index)
        guard kind == .run else { break }
        codes.append(table[scalar])
        offsets.append(index - start)
        index += 3
      }
    }
    codes.append(0)
    offsets.append(index - start)
    return index
  }

  /// Jieba's `__cut_DAG_NO_HMM`: neighbouring single ASCII letters and digits become one word.
  private mutating func walkPlain(_ text: UnsafeRawBufferPointer, from start: Int) {
    let count = codes.count - 1
    var index = 0
    var isBuffering = false
    while index < count {
      let length = Int(steps[index])
      if length == 1, ScalarClass.isAlphanumeric(text[start + offsets[index]]) {
        isBuffering = true
      } else {
        if isBuffering { ends.append(start + offsets[index]) }
        isBuffering = false
        ends.append(start + offsets[index + length])
      }
      index += length
    }
    if isBuffering { ends.append(start + offsets[count]) }
  }
}
