internal import DSXCore
internal import Text

/// Encodes lines with a vocabulary, or decodes them.
struct VocabularyLines: LineTokenizer {
  /// What becomes of a line.
  enum Task: Equatable {
    case ids
    case pieces
    /// An object with ids, tokens, offsets and masks.
    case everything
    case decode(skipsSpecial: Bool)
  }

  private let vocabulary: any Tokenizer
  private var encoder: any TokenEncoder
  private let task: Task
  private let addsSpecial: Bool
  private let format: TokenizeFormat
  private let separator: [UInt8]
  private var ids: [Int32] = []

  init(_ vocabulary: any Tokenizer, _ task: Task, addsSpecial: Bool, _ options: LineOptions) {
    self.vocabulary = vocabulary
    encoder = vocabulary.makeEncoder()
    self.task = task
    self.addsSpecial = addsSpecial
    format = options.format
    separator = Array((options.format == .json ? "," : options.separator ?? " ").utf8)
  }

  mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(DSXError) {
    switch task {
    case .decode(let skipsSpecial):
      let text = try vocabulary.decode(try Self.ids(line), skipSpecialTokens: skipsSpecial)
      if format == .json {
        JSONValue.writeString(text, into: &output)
      } else {
        output.append(contentsOf: text.utf8)
      }
    case .everything:
      let text = String(decoding: line, as: UTF8.self)
      let encoding = try vocabulary.encode(text, pair: nil, addSpecialTokens: addsSpecial)
      output.append(contentsOf: encoding.json.text(.compact).utf8)
    case .ids, .pieces:
      if addsSpecial {
        let text = String(decoding: line, as: UTF8.self)
        let encoding = try vocabulary.encode(text, pair: nil, addSpecialTokens: true)
        write(encoding.ids, encoding.tokens, &output)
      } else {
        ids.removeAll(keepingCapacity: true)
        encoder.encode(line, into: &ids)
        write(ids, nil, &output)
      }
    }
  }

  private func write(_ ids: [Int32], _ tokens: [String]?, _ output: inout [UInt8]) {
    if format == .json { output.append(UInt8(ascii: "[")) }
    for (index, id) in ids.enumerated() {
      if index > 0 { output.append(contentsOf: separator) }
      if task == .ids {
        output.append(contentsOf: String(id).utf8)
        continue
      }
      let piece = tokens?[index] ?? vocabulary.piece(of: id) ?? ""
      if format == .json {
        JSONValue.writeString(piece, into: &output)
      } else {
        output.append(contentsOf: piece.utf8)
      }
    }
    if format == .json { output.append(UInt8(ascii: "]")) }
  }

  /// The ids of a line with a JSON array.
  private static func ids(_ line: UnsafeRawBufferPointer) throws(DSXError) -> [Int32] {
    guard let array = try JSONParser.parse(line).array else {
      throw DSXError(
        .malformed, "the line holds no JSON array", hint: "--decode reads what encoding prints")
    }
    var ids: [Int32] = []
    for (place, element) in array.enumerated() {
      guard let id = element.int, let short = Int32(exactly: id) else {
        throw DSXError(.malformed, "element \(place) of the array is no id")
      }
      ids.append(short)
    }
    return ids
  }
}

extension Encoding {
  /// All lists by the names that Hugging Face tokenizers has for them.
  fileprivate var json: JSONValue {
    func numbers(_ values: [some BinaryInteger]) -> JSONValue {
      .array(values.map { .int(Int64($0)) })
    }
    var members: [JSONValue.Member] = [
      .init("ids", numbers(ids)), .init("tokens", .array(tokens.map { .string($0) })),
    ]
    if !offsets.isEmpty || ids.isEmpty {
      members.append(
        .init(
          "offsets",
          .array(offsets.map { [.int(Int64($0.lowerBound)), .int(Int64($0.upperBound))] })))
    }
    members += [
      .init("type_ids", numbers(typeIDs)), .init("attention_mask", numbers(attentionMask)),
      .init("special_tokens_mask", numbers(specialTokensMask)),
      .init("word_ids", .array(wordIDs.map { $0.map { .int(Int64($0)) } ?? .null })),
    ]
    if !overflowing.isEmpty {
      members.append(.init("overflowing", .array(overflowing.map(\.json))))
    }
    return .object(members)
  }
}
