internal import DSXCore

/// How byte-level vocabularies split text, by the names that GGUF files use (`tokenizer.ggml.pre`).
struct SplittingRule {
  /// Cut one after the other.
  let patterns: [String]
  /// Whether each digit is cut out first.
  var cutsDigits = false
  /// Whether a piece that is in the vocabulary as a whole is taken without merging.
  var ignoresMerges = false

  private static let gpt2 = SplittingRule(patterns: [PieceScanner.gpt2Pattern])
  private static let llama3 = SplittingRule(
    patterns: [CL100KSplitter.patterns[0].0], ignoresMerges: true)
  private static let digits = SplittingRule(
    patterns: [PieceScanner.gpt2Pattern], cutsDigits: true)
  /// What llama.cpp does where a file names nothing.
  private static let fallback = SplittingRule(patterns: [
    #"[\p{P}\$\+<=>\^~\|]+"#,
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#,
    #"\p{N}+"#, "[0-9][0-9][0-9]",
  ])

  /// The rules by name. Source: llama.cpp's table of pre-tokenizers.
  private static let rules: [(names: [String], rule: SplittingRule)] = [
    (
      [
        "gpt-2", "gpt2", "phi-2", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de",
        "roberta-bpe", "gigachat", "mpt", "olmo", "jais", "trillion", "granite-docling",
      ], gpt2
    ),
    (["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0"], llama3),
    (
      ["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"],
      SplittingRule(patterns: [CL100KSplitter.patterns[0].0])
    ),
    (
      ["qwen2", "stablelm2", "deepseek-r1-qwen", "hunyuan", "megrez", "solar-open"],
      SplittingRule(patterns: [CL100KSplitter.patterns[1].0])
    ),
    (
      [
        "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b",
        "whisper",
      ],
      digits
    ),
    (["gpt-4o", "llama4"], SplittingRule(patterns: [TiktokenEncoding.o200kPattern])),
    (["default"], fallback),
  ]

  /// The rule of a name; nil and `default` are llama.cpp's own. Throws `unsupported` for others.
  static func named(_ name: String?) throws(DSXError) -> SplittingRule {
    guard let name else { return fallback }
    guard let found = rules.first(where: { $0.names.contains(name) }) else {
      throw DSXError(
        .unsupported, "the vocabulary splits text by the rule '\(name)'",
        hint: "known: " + rules.flatMap(\.names).sorted().joined(separator: ", "))
    }
    return found.rule
  }

  /// The pre-tokenizers; the last one is ByteLevel.
  func stages(addsPrefixSpace: Bool) throws(DSXError) -> [PreTokenizer] {
    var stages: [PreTokenizer] = cutsDigits ? [.digits(individual: true)] : []
    if patterns == [PieceScanner.gpt2Pattern] {
      let scanner = TextPattern.scanner(.gpt2(GPT2Splitter()))
      return stages + [
        .byteLevel(addsPrefixSpace: addsPrefixSpace, pattern: scanner, spells: true)
      ]
    }
    for pattern in patterns {
      let found: TextPattern
      if let scanner = PieceScanner(pattern: pattern) {
        found = .scanner(scanner)
      } else {
        found = .regex(try Regex(pattern))
      }
      stages.append(.split(found, .isolated, inverted: false))
    }
    return stages + [.byteLevel(addsPrefixSpace: addsPrefixSpace, pattern: nil, spells: true)]
  }
}
