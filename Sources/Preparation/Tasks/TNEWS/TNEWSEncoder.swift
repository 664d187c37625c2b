internal import DSXCore
internal import Text

/// Encodes the candidates of one TNEWS row, on one thread.
///
/// Columns: `input_ids` and `attention_mask` int32 [candidates x seq-length, flattened], `labels` int32
/// [1]. The mask is 1 on the ids that count for the score, which are those of the sentence.
struct TNEWSEncoder {
  private let length: Int
  private let pad: Int32
  private let compatible: Bool
  private var encoder: any TokenEncoder
  private var words: ((String) -> Int)?

  /// The schema of the rows.
  static let schema = Schema([
    Field("input_ids", .int32, shape: [-1]), Field("labels", .int32, shape: [-1]),
    Field("attention_mask", .int32, shape: [-1]),
  ])

  init(_ vocabulary: PreparationVocabulary, length: Int, pad: Int32, compatible: Bool) {
    self.length = length
    self.pad = pad
    self.compatible = compatible
    encoder = vocabulary.makeEncoder()
    words = compatible ? vocabulary.makeWordCounter?() : nil
  }

  /// One row. Throws `usage` when the row has no room for any of the sentence: every candidate would get
  /// the same score. The original writes such rows.
  mutating func encode(_ example: TNEWSExample) throws(DSXError) -> ExampleRow {
    var row = ExampleRow(values: [])
    var ids: [Int32] = []
    var mask: [Int32] = []
    var demonstrations = example.demonstrations[...]
    var prompts = prompts(example, demonstrations)
    if !compatible {
      // Demonstrations give way first, the farthest before the nearest; never the sentence.
      while prompts.contains(where: { $0.ids.count > length }), !demonstrations.isEmpty {
        demonstrations = demonstrations.dropFirst()
        prompts = self.prompts(example, demonstrations)
      }
    }
    if !compatible, let short = prompts.first(where: { $0.start >= length }) {
      throw DSXError(
        .usage, "the prompt alone has \(short.start) ids, so a row of \(length) holds no sentence",
        hint: "choose a larger --seq-length")
    }
    for prompt in prompts {
      let kept = prompt.ids.prefix(length)
      let start = min(prompt.start, kept.count)
      ids.append(contentsOf: kept)
      ids.append(contentsOf: repeatElement(pad, count: length - kept.count))
      mask.append(contentsOf: repeatElement(0, count: start))
      mask.append(contentsOf: repeatElement(1, count: kept.count - start))
      mask.append(contentsOf: repeatElement(0, count: length - kept.count))
      row.tokens += kept.count
      row.padding += length - kept.count
      row.cut += prompt.ids.count - kept.count
    }
    row.values = [.ids(ids), .ids([Int32(truncatingIfNeeded: example.label)]), .ids(mask)]
    return row
  }

  /// Ids, and where those begin that depend on the sentence.
  private mutating func prompts(_ example: TNEWSExample, _ demonstrations: ArraySlice<String>)
    -> [(ids: [Int32], start: Int)]
  {
    let shots = demonstrations.map { $0 + "\n" }.joined()
    var prompts: [(ids: [Int32], start: Int)] = []
    for word in example.candidates {
      let frame = shots + TNEWSPrompt.text(word, "")
      let ids = encoder.encode(frame + example.sentence)
      let start: Int
      if let words {
        // The original counts words of jieba here, not ids, and so begins too early.
        start = words(frame)
      } else {
        let bare = encoder.encode(frame)
        start = compatible ? bare.count : zip(bare, ids).prefix { $0 == $1 }.count
      }
      prompts.append((ids, start))
    }
    return prompts
  }
}
