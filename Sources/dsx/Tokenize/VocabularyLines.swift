internal import DSXCore
internal import Text

/// Encodes lines with a vocabulary: its ids or its pieces.
struct VocabularyLines: LineTokenizer {
  private let vocabulary: any Tokenizer
  private var encoder: any TokenEncoder
  private let pieces: Bool
  private let format: TokenizeFormat
  private let separator: [UInt8]
  private var ids: [Int32] = []

  init(_ vocabulary: any Tokenizer, pieces: Bool, _ options: LineOptions) {
    self.vocabulary = vocabulary
    encoder = vocabulary.makeEncoder()
    self.pieces = pieces
    format = options.format
    separator = Array((options.format == .json ? "," : options.separator ?? " ").utf8)
  }

  mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(DSXError) {
    ids.removeAll(keepingCapacity: true)
    encoder.encode(line, into: &ids)
    if format == .json { output.append(UInt8(ascii: "[")) }
    for (index, id) in ids.enumerated() {
      if index > 0 { output.append(contentsOf: separator) }
      if !pieces {
        output.append(contentsOf: String(id).utf8)
      } else if format == .json {
        JSONValue.writeString(vocabulary.piece(of: id) ?? "", into: &output)
      } else {
        output.append(contentsOf: (vocabulary.piece(of: id) ?? "").utf8)
      }
    }
    if format == .json { output.append(UInt8(ascii: "]")) }
  }
}
