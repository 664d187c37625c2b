public import DSXCore

/// tiktoken's rank files: on each line a token's bytes in base 64, a blank, its rank, which is its id.
///
/// The splitting pattern and the special tokens do not stand in the file; they belong to the encoding.
public enum TiktokenEncoding: String, Sendable, CaseIterable {
  /// GPT-2 and GPT-3.
  case gpt2
  /// GPT-3.5 and GPT-4.
  case cl100k = "cl100k_base"
  /// GPT-4o.
  case o200k = "o200k_base"
  /// The first Qwen models.
  case qwen
  /// Llama 3, as Meta ships it (`tokenizer.model`).
  case llama3

  /// The splitting pattern.
  var pattern: String {
    switch self {
    case .gpt2: PieceScanner.gpt2Pattern
    case .cl100k, .llama3: CL100KSplitter.patterns[0].0
    case .qwen: CL100KSplitter.patterns[1].0
    case .o200k: Self.o200kPattern
    }
  }

  static let o200kPattern =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// The special tokens; those without an id follow the ranks one by one.
  func special(_ ranks: Int) -> [(content: String, id: Int)] {
    switch self {
    case .gpt2: return [("<|endoftext|>", 50256)]
    case .cl100k:
      return [
        ("<|endoftext|>", 100257), ("<|fim_prefix|>", 100258), ("<|fim_middle|>", 100259),
        ("<|fim_suffix|>", 100260), ("<|endofprompt|>", 100276),
      ]
    case .o200k: return [("<|endoftext|>", 199999), ("<|endofprompt|>", 200018)]
    case .qwen:
      let names =
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + (0..<205).map { "<|extra_\($0)|>" }
      return names.enumerated().map { ($1, ranks + $0) }
    case .llama3:
      var names = [
        "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>",
        "<|reserved_special_token_1|>", "<|reserved_special_token_2|>",
        "<|reserved_special_token_3|>", "<|start_header_id|>", "<|end_header_id|>",
        "<|reserved_special_token_4|>", "<|eot_id|>",
      ]
      names += (5..<251).map { "<|reserved_special_token_\($0)|>" }
      return names.enumerated().map { ($1, ranks + $0) }
    }
  }

  /// The encoding that a file's name says; nil when it says none.
  public init?(fileName: String) {
    let name = fileName.lowercased()
    if name.hasPrefix("cl100k_base") {
      self = .cl100k
    } else if name.hasPrefix("o200k_base") {
      self = .o200k
    } else if name.hasPrefix("qwen") {
      self = .qwen
    } else if name == "tokenizer.model" {
      self = .llama3
    } else if name.hasPrefix("gpt2") || name.hasPrefix("r50k_base") || name.hasPrefix("p50k_base") {
      self = .gpt2
    } else {
      return nil
    }
  }
}

extension HuggingFaceTokenizer {
  /// Reads a rank file. `encoding` nil asks the file's name.
  ///
  /// Throws `malformed` with the line; `usage` for a name that says no encoding.
  public convenience init(ranks path: String, encoding: TiktokenEncoding? = nil) throws(DSXError) {
    self.init(try Self.ranks(path, encoding))
  }

  /// The parts of a rank file.
  static func ranks(_ path: String, _ encoding: TiktokenEncoding?) throws(DSXError) -> Parts {
    guard let encoding = encoding ?? TiktokenEncoding(fileName: FilePath.split(path).name) else {
      throw DSXError(
        .usage, "the file's name does not say which encoding its ranks belong to", file: path,
        hint: "known names begin with "
          + TiktokenEncoding.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    do throws(DSXError) { return try ranks(file.bytes, encoding) } catch {
      throw error.inFile(path)
    }
  }

  private static func ranks(_ bytes: UnsafeRawBufferPointer, _ encoding: TiktokenEncoding)
    throws(DSXError) -> Parts
  {
    var entries: [(spelling: String, id: Int)] = []
    var tokens: [[UInt8]] = []
    var start = 0
    var number = 0
    while start < bytes.count {
      number += 1
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      if line.isEmpty { continue }
      guard let blank = line.firstIndex(of: 0x20), let token = Base64.decode(line[..<blank]),
        !token.isEmpty,
        let rank = Int(String(decoding: line[(blank + 1)...].filter { $0 != 0x0d }, as: UTF8.self)),
        rank >= 0, rank < PieceVocabulary.maximumID
      else {
        throw DSXError(
          .malformed, "a line must be a token in base 64, a blank and its rank", line: number)
      }
      entries.append((String(decoding: ByteAlphabet.spell(token), as: UTF8.self), rank))
      tokens.append(token)
    }
    guard !entries.isEmpty else { throw DSXError(.malformed, "the rank file is empty") }
    let vocabulary = try PieceVocabulary(entries)
    var merges: [(left: Int32, right: Int32, merged: Int32, rank: Int32)] = []
    for (place, token) in tokens.enumerated() where token.count > 1 {
      let merged = Int32(entries[place].id)
      for cut in 1..<token.count {
        guard let left = vocabulary.id(of: ByteAlphabet.spell(token[..<cut])),
          let right = vocabulary.id(of: ByteAlphabet.spell(token[cut...]))
        else { continue }
        merges.append((left, right, merged, merged))
      }
    }
    guard
      let model = ByteBPEModel(vocabulary, MergeTable(ranked: merges), ignoresMerges: true)
    else {
      throw DSXError(.malformed, "the rank file lacks some of the 256 single bytes")
    }
    var parts = Parts(model: .bytes(model))
    let pattern: TextPattern
    if let scanner = PieceScanner(pattern: encoding.pattern) {
      pattern = .scanner(scanner)
    } else {
      pattern = .regex(try Regex(encoding.pattern))
    }
    parts.preTokenizers = [
      .split(pattern, .isolated, inverted: false),
      .byteLevel(addsPrefixSpace: false, pattern: nil, spells: false),
    ]
    parts.decoder = .byteLevel
    parts.addedTokens = encoding.special(vocabulary.size).map {
      AddedToken(id: Int32($0.id), content: $0.content, keepsID: true)
    }
    parts.names = [
      ("pre_tokenizer", "Split, ByteLevel"), ("model", "BPE"), ("decoder", "ByteLevel"),
    ]
    return parts
  }
}
