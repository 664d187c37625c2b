internal import DSXCore
internal import Text

/// Encodes CMRC2018 rows, on one thread.
///
/// Columns: `input_ids` and `attention_mask` int32 [seq-length], `labels` int32 [-1] (the ids of the first
/// answer, not padded); and unless compatible `answers`, a JSON array of all answers as bytes, for
/// scores that need the text.
struct CMRCEncoder {
  private let length: Int
  private let answerTokens: Int
  private let pad: Int32
  private let compatible: Bool
  private var encoder: any TokenEncoder

  /// The schema of the rows.
  static func schema(compatible: Bool) -> Schema {
    let fields = [
      Field("input_ids", .int32, shape: [-1]), Field("attention_mask", .int32, shape: [-1]),
      Field("labels", .int32, shape: [-1]),
    ]
    return Schema(compatible ? fields : fields + [Field("answers", .bytes)])
  }

  init(
    _ vocabulary: PreparationVocabulary, length: Int, answerTokens: Int, pad: Int32,
    compatible: Bool
  ) {
    self.length = length
    self.answerTokens = answerTokens
    self.pad = pad
    self.compatible = compatible
    encoder = vocabulary.makeEncoder()
  }

  /// One row. Demonstrations that do not fit are left out, the farthest first; a question that is too long
  /// loses its beginning, so that question and `答：` stay.
  mutating func encode(_ example: CMRCExamples.Example) -> ExampleRow {
    let question = example.question
    let own = CMRCPrompt.text(question.context, question.text)
    var demonstrations = example.demonstrations[...]
    var all = encoder.encode(demonstrations.joined() + own)
    let ids: ArraySlice<Int32>
    if compatible {
      // A row of 1,024 keeps 900 ids of a prompt that has 1,020 or more.
      let kept = all.count >= length - 4 ? (length / 100 - 1) * 100 : all.count
      // Python's `ids[-0:]` is everything, and `ids[100:]` leaves 100 out.
      ids = kept > 0 ? all.suffix(kept) : all.dropFirst(-kept)
    } else {
      let room = length - answerTokens
      while all.count > room, !demonstrations.isEmpty {
        demonstrations = demonstrations.dropFirst()
        all = encoder.encode(demonstrations.joined() + own)
      }
      ids = all.suffix(room)
    }
    let padding = max(0, length - ids.count)
    var values: [ExampleRow.Value] = [
      .ids(Array(ids) + [Int32](repeating: pad, count: padding)),
      .ids(
        [Int32](repeating: 1, count: ids.count) + [Int32](repeating: 0, count: padding)),
      .ids(encoder.encode(question.answers[0])),
    ]
    if !compatible {
      let answers = JSONValue.array(question.answers.map { .string($0) })
      values.append(.bytes(Array(answers.text().utf8)))
    }
    return ExampleRow(
      values: values, tokens: ids.count, padding: padding, cut: all.count - ids.count)
  }
}
