/// Cuts texts into words as jieba 0.42.1 does, one after the other, on one thread.
public struct JiebaCutter {
  let dictionary: JiebaDictionary

  /// A cutter with scratch space of its own.
  public init(_ dictionary: JiebaDictionary) { self.dictionary = dictionary }

  /// Calls `emit` with the byte range of each word of `text` (valid UTF-8), in order: `jieba.cut`.
  public mutating func cut(
    _ text: UnsafeRawBufferPointer, hmm: Bool = true, _ emit: (Range<Int>) -> Void
  ) {}

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
}
