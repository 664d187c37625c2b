internal import DSXCore
internal import Text

/// What `dsx tokenize` does with a line and a SentencePiece vocabulary beyond plain encoding.
struct SentencePieceLines: LineTokenizer {
  /// What becomes of a line.
  enum Task {
    case encode
    case sample(SentencePieceSampler)
    case normalize
    case decode
  }

  /// The files of a vocabulary: `sentencepiece` is the one that comes with dsx, all else is a path.
  static func find(_ name: String) throws(DSXError) -> TokenizerFile {
    guard name == "sentencepiece" else {
      return try TokenizerFile(path: ModelPlace.vocabulary(name))
    }
    return try TokenizerFile(path: try Homes.current().resource("Text", "dsx_zh_en_16k.model"))
  }

  private let tokenizer: SentencePieceTokenizer
  private var task: Task
  private let pieces: Bool
  private let bos: SpecialToken?
  private let eos: SpecialToken?
  private let reversed: Bool
  private let format: TokenizeFormat
  private let separator: [UInt8]
  private var encoder: any TokenEncoder

  init(
    _ tokenizer: SentencePieceTokenizer, _ task: Task, pieces: Bool, bos: SpecialToken?,
    eos: SpecialToken?, reversed: Bool, _ options: LineOptions
  ) {
    self.tokenizer = tokenizer
    self.task = task
    self.pieces = pieces
    self.bos = bos
    self.eos = eos
    self.reversed = reversed
    format = options.format
    separator = Array((options.format == .json ? "," : options.separator ?? " ").utf8)
    encoder = tokenizer.makeEncoder()
  }

  mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(DSXError) {
    switch task {
    case .normalize:
      var text: [UInt8] = []
      tokenizer.normalize(line, into: &text)
      write(text, &output)
    case .decode:
      write(Array(try decoded(line).utf8), &output)
    case .sample(var sampler):
      let tokens = sampler.tokens(line)
      task = .sample(sampler)
      write(tokens.map(\.id), pieces ? tokens.map(\.piece) : nil, &output)
    case .encode:
      if pieces {
        let tokens = tokenizer.tokens(line)
        write(tokens.map(\.id), tokens.map(\.piece), &output)
      } else {
        var ids: [Int32] = []
        encoder.encode(line, into: &ids)
        write(ids, nil, &output)
      }
    }
  }

  /// The text of a line with a JSON array of ids or of pieces.
  private func decoded(_ line: UnsafeRawBufferPointer) throws(DSXError) -> String {
    let value = try JSONParser.parse(line)
    guard let array = value.array else {
      throw DSXError(
        .malformed, "the line holds no JSON array", hint: "--decode reads what encoding prints")
    }
    if let first = array.first, first.string != nil {
      let texts = array.compactMap(\.string)
      guard texts.count == array.count else {
        throw DSXError(.malformed, "the array holds both pieces and other values")
      }
      return tokenizer.decode(pieces: texts)
    }
    var ids: [Int32] = []
    for (place, element) in array.enumerated() {
      guard let id = element.int, let short = Int32(exactly: id) else {
        throw DSXError(.malformed, "element \(place) of the array is no id")
      }
      ids.append(short)
    }
    return try tokenizer.decode(ids)
  }

  /// A text: a JSON string, or as it is.
  private func write(_ text: [UInt8], _ output: inout [UInt8]) {
    if format == .json {
      text.withUnsafeBytes { JSONValue.writeString(utf8: $0[...], into: &output) }
    } else {
      output.append(contentsOf: text)
    }
  }

  /// Ids or pieces, reversed and framed as asked.
  private func write(_ ids: [Int32], _ texts: [String]?, _ output: inout [UInt8]) {
    if format == .json { output.append(UInt8(ascii: "[")) }
    var isFirst = true
    func separate() {
      if !isFirst { output.append(contentsOf: separator) }
      isFirst = false
    }
    func special(_ token: SpecialToken?) {
      guard let token, let id = token.id else { return }
      separate()
      if pieces { piece(token.content) } else { output.append(contentsOf: String(id).utf8) }
    }
    func piece(_ text: String) {
      if format == .json {
        JSONValue.writeString(text, into: &output)
      } else {
        output.append(contentsOf: text.utf8)
      }
    }
    special(bos)
    for index in ids.indices {
      separate()
      let place = reversed ? ids.count - 1 - index : index
      if let texts {
        piece(texts[place])
      } else {
        output.append(contentsOf: String(ids[place]).utf8)
      }
    }
    special(eos)
    if format == .json { output.append(UInt8(ascii: "]")) }
  }
}
