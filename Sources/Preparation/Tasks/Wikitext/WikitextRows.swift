internal import DSXCore
internal import Text

/// Rows of a wikitext file for GPT-2: its passages as one stream of ids, cut into rows.
///
/// Columns: `input_ids`, `attention_mask` (all 1) and `labels` (the same ids), int32 [seq-length]; trainers
/// shift the labels. Compatible: passages are joined by line feeds; what lies behind the first TAB and
/// behind the last heading is lost. Else each passage is a document that ends with the end-of-text id.
/// Ids that do not fill a last row are left out and counted.
struct WikitextRows {
  private let length: Int
  private let compatible: Bool
  private let endOfText: Int32
  private var encoder: any TokenEncoder

  /// The schema of the rows.
  static let schema = Schema(
    ["input_ids", "attention_mask", "labels"].map { Field($0, .int32, shape: [-1]) })

  init(_ vocabulary: PreparationVocabulary, length: Int, compatible: Bool) {
    self.length = length
    self.compatible = compatible
    endOfText = vocabulary.endOfText
    encoder = vocabulary.makeEncoder()
  }

  /// The passages of a file and its rows; `emit` gets one row after the other. Returns the number of
  /// passages and the ids that were left out.
  mutating func run(
    path: String, emit: (ExampleRow) throws(DSXError) -> Void
  ) throws(DSXError) -> (passages: Int, dropped: Int) {
    let file = try MappedFile(path: path)
    var passages: [[UInt8]] = []
    try file.withBytes { (bytes) throws(DSXError) in
      if let bad = UTF8Validation.firstInvalid(bytes) {
        throw DSXError(
          .malformed, "the text is not valid UTF-8", file: path,
          line: LineNumber.of(byte: bad, in: path), byte: bad)
      }
      passages = WikitextPassages.passages(bytes, dropsLast: compatible)
    }
    var ids: [Int32] = []
    if compatible {
      var text = Array(passages.joined(separator: [0x0a]))
      text = Array(text[PythonWhitespace.trimmed(text, 0..<text.count)])
      if let tab = text.firstIndex(of: 0x09) { text.removeSubrange(tab...) }
      text.withUnsafeBytes { encoder.encode($0, into: &ids) }
      try rows(&ids, emit)
    } else {
      for passage in passages {
        passage.withUnsafeBytes { encoder.encode($0, into: &ids) }
        ids.append(endOfText)
        if ids.count >= 1 << 16 { try rows(&ids, emit) }
      }
      try rows(&ids, emit)
    }
    return (passages.count, ids.count)
  }

  /// Hands on whole rows; what is left stays in `ids`.
  private func rows(_ ids: inout [Int32], _ emit: (ExampleRow) throws(DSXError) -> Void)
    throws(DSXError)
  {
    var start = 0
    while start + length <= ids.count {
      let row = Array(ids[start..<start + length])
      let ones = [Int32](repeating: 1, count: length)
      try emit(ExampleRow(values: [.ids(row), .ids(ones), .ids(row)], tokens: length))
      start += length
    }
    ids.removeFirst(start)
  }
}
