public import Jieba

/// PanGu-alpha's encoding of a paragraph: the words of `jieba.cut` (HMM on), in each word blank to
/// U+2582 and line feed to U+2583, joined by one blank, then encoded with the vocabulary.
///
/// With a SentencePiece vocabulary whose rules let blanks stand alone, each word is encoded for itself
/// and remembered; a paragraph with a word that has blanks of its own after normalising is encoded as a
/// whole, as is everything with other vocabularies. The ids are the same either way.
public struct PanGuEncoder: TokenEncoder {
  private var cutter: JiebaCutter
  private var words: PanGuWords?
  private var whole: any TokenEncoder
  private var joined: [UInt8] = []

  /// An encoder for one thread.
  public init(dictionary: JiebaDictionary, tokenizer: any Tokenizer) {
    cutter = JiebaCutter(dictionary)
    words = (tokenizer as? SentencePieceTokenizer).flatMap(PanGuWords.init)
    whole = tokenizer.makeEncoder()
  }

  /// Appends the ids of `text` (valid UTF-8); no end-of-text id is added.
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    guard words != nil else { return encodeWhole(text, &ids) }
    let first = ids.count
    var start = 0
    var isRegular = true
    words?.begin()
    cutter.cutBlocks(text) { ends in
      guard isRegular else { return }
      isRegular = words?.encode(text, from: start, ends, &ids) ?? false
      start = ends.last ?? start
    }
    if !isRegular {
      ids.removeLast(ids.count - first)
      encodeWhole(text, &ids)
    }
  }

  private mutating func encodeWhole(_ text: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    joined.removeAll(keepingCapacity: true)
    var start = 0
    cutter.cutBlocks(text) { ends in
      for end in ends {
        if start > 0 { joined.append(0x20) }
        PanGuWords.translate(UnsafeRawBufferPointer(rebasing: text[start..<end]), to: &joined)
        start = end
      }
    }
    joined.withUnsafeBytes { whole.encode($0, into: &ids) }
  }
}
