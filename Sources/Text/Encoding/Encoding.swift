/// What a text, or a pair of texts, became: one element a token in every list.
///
/// The same fields as an `Encoding` of Hugging Face tokenizers.
public struct Encoding: Sendable, Hashable {
  /// The ids.
  public var ids: [Int32] = []
  /// 0 for the first text and its special tokens, 1 for the second, as the post-processor says.
  public var typeIDs: [Int32] = []
  /// Which text each token came from: 0 for the first, 1 for the second, nil for tokens that come from
  /// no text. Unlike `typeIDs` they do not depend on the post-processor (RoBERTa gives every token
  /// type 0).
  public var sequenceIDs: [Int32?] = []
  /// The tokens' spellings.
  public var tokens: [String] = []
  /// The place of the word (piece of the pre-tokenizer) that each token came from; nil for tokens that
  /// come from no text.
  public var wordIDs: [Int32?] = []
  /// The code points of its text that each token covers; `0..<0` for tokens that come from no text.
  /// Empty for vocabularies that do not keep offsets.
  public var offsets: [Range<Int>] = []
  /// 1 for tokens that the post-processor or the padding added.
  public var specialTokensMask: [UInt8] = []
  /// 0 for padding, else 1.
  public var attentionMask: [UInt8] = []
  /// With truncation: the parts that were cut off, overlapping by the stride.
  public var overflowing: [Encoding] = []

  /// An encoding without tokens.
  public init() {}

  /// Number of tokens.
  public var count: Int { ids.count }
}
