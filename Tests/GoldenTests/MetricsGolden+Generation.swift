import DSXCore
import Jieba
import Metrics

/// Cases of one text or corpus against references: `bleu`, `chrf_ter`, `rouge` and `wer_cer`.
enum GenerationGolden {
  // MARK: inputs

  static func texts(_ value: JSONValue?) -> [String] {
    (value?.array ?? []).map { $0.string ?? "" }
  }

  /// `hyps` and `refs[k][i]`: streams of references.
  static func corpus(_ golden: MetricCase) throws -> [TextExample] {
    let hypotheses = texts(golden.inputs["hyps"])
    let streams = (golden.inputs["refs"]?.array ?? []).map { $0.array ?? [] }
    guard !hypotheses.isEmpty, !streams.isEmpty,
      streams.allSatisfy({ $0.count == hypotheses.count })
    else { throw DSXError(.malformed, "references are not as many as hypotheses") }
    return hypotheses.indices.map { row in
      TextExample(hypothesis: hypotheses[row], references: streams.map { $0[row].string })
    }
  }

  static func sentence(_ golden: MetricCase) -> TextExample {
    TextExample(
      hypothesis: golden.inputs["hyp"]?.string ?? "", references: texts(golden.inputs["refs"]))
  }

  static func flag(_ golden: MetricCase, _ name: String, _ standard: Bool = false) -> Bool {
    golden.parameters[name]?.bool ?? standard
  }

  static func tokenizer(_ name: String) throws -> MetricTokenizer {
    if name == "jieba" { return .jieba(try dictionary()) }
    guard let tokenizer = MetricTokenizer.named[name] else {
      throw DSXError.unknown("tokenizer", name, known: MetricTokenizer.named.keys.sorted())
    }
    return tokenizer
  }

  static func dictionary() throws -> JiebaDictionary {
    try JiebaDictionary.load(homes: .forTests)
  }

  static func differs(_ golden: MetricCase, _ path: [String], _ ours: String) -> String? {
    let theirs = path.reduce(Optional(golden.expected)) { $0?[$1] }?.string
    return theirs == ours ? nil : "\(path): \(ours) instead of \(theirs ?? "nothing")"
  }

  static func differs(_ golden: MetricCase, _ path: [String], _ ours: [Double]) -> String? {
    let theirs = (path.reduce(Optional(golden.expected)) { $0?[$1] }?.array ?? [])
      .map { MetricCase.number($0) ?? .nan }
    guard theirs.count == ours.count else { return "\(path): \(ours.count) numbers" }
    for (a, b) in zip(ours, theirs) where !(abs(a - b) <= golden.tolerance * max(1, abs(b))) {
      return "\(path): \(ours) instead of \(theirs)"
    }
    return nil
  }

  // MARK: BLEU

  static func options(_ golden: MetricCase) throws -> BLEUOptions {
    let value = golden.parameters["smooth_value"]?.double
    let smoothing: BLEUSmoothing =
      switch golden.parameters["smooth_method"]?.string {
      case "none": .none
      case "floor": .floor(value ?? 0.1)
      case "add-k": .addK(value ?? 1)
      default: .exponential
      }
    return BLEUOptions(
      tokenizer: try tokenizer(golden.parameters["tokenize"]?.string ?? "13a"),
      smoothing: smoothing, isLowercase: flag(golden, "lowercase"),
      maxOrder: golden.parameters["max_ngram_order"]?.int ?? 4,
      usesEffectiveOrder: flag(golden, "effective_order"))
  }

  static func parts(_ golden: MetricCase, _ score: BLEUScore) -> String? {
    golden.differs(["score"], score.score)
      ?? differs(golden, ["precisions"], score.precisions)
      ?? golden.differs(["bp"], score.brevityPenalty)
      ?? differs(golden, ["counts"], score.matches)
      ?? differs(golden, ["totals"], score.totals)
      ?? golden.differs(["sys_len"], Double(score.hypothesisLength))
      ?? golden.differs(["ref_len"], Double(score.referenceLength))
  }

  @Sendable static func bleu(_ golden: MetricCase) throws -> String? {
    let metric = BLEU(try options(golden))
    let statistics = try metric.statistics(of: corpus(golden))
    let signature = metric.signature(from: statistics)
    return try parts(golden, metric.details(from: statistics))
      ?? differs(golden, ["signature"], signature)
      ?? differs(golden, ["signature_short"], metric.shortSignature(from: statistics))
      ?? differs(golden, ["format"], metric.details(from: statistics).text(signature: signature))
      ?? inParts(metric, corpus(golden))
  }

  /// One pass and a merge of two halves give the same statistics.
  static func inParts<M: Metric>(_ metric: M, _ examples: [M.Example]) throws -> String? {
    let whole = try metric.statistics(of: examples)
    var second = try metric.statistics(of: examples[(examples.count / 2)...])
    try second.add(try metric.statistics(of: examples[..<(examples.count / 2)]))
    return whole == second ? nil : "two halves give other statistics"
  }

  @Sendable static func sentenceBLEU(_ golden: MetricCase) throws -> String? {
    parts(golden, try SentenceBLEU(options(golden)).details(of: sentence(golden)))
  }

  @Sendable static func nltkSentence(_ golden: MetricCase) throws -> String? {
    let metric = NLTKSentenceBLEU(
      NLTKBLEUOptions(tokenizer: .everyCharacter, method: golden.parameters["method"]?.int ?? -1))
    return golden.differs(
      ["score"], metric.score(from: try metric.statistics(of: sentence(golden))))
  }

  @Sendable static func nltkCorpus(_ golden: MetricCase) throws -> String? {
    for (name, order) in [("bleu-1", 1), ("bleu-4", 4)] {
      let metric = try NLTKBLEU(NLTKBLEUOptions(tokenizer: .blanks, maxOrder: order))
      let statistics = try metric.statistics(of: corpus(golden))
      if let difference = golden.differs([name], metric.score(from: statistics)) {
        return difference
      }
    }
    return nil
  }

  @Sendable static func adgen(_ golden: MetricCase) throws -> String? {
    let metric = ADGEN(try dictionary())
    let hypotheses = texts(golden.inputs["hyps"])
    let references = texts(golden.inputs["refs"])
    let statistics = try metric.statistics(
      of: zip(hypotheses, references).map { TextExample(hypothesis: $0, reference: $1) })
    for score in metric.scores(from: statistics).dropFirst() {
      if let difference = golden.differs([score.name], score.value) { return difference }
    }
    return nil
  }

  // MARK: chrF, TER

  @Sendable static func chrF(_ golden: MetricCase) throws -> String? {
    let metric = ChrF(
      ChrFOptions(
        characterOrder: golden.parameters["char_order"]?.int ?? 6,
        wordOrder: golden.parameters["word_order"]?.int ?? 0,
        beta: golden.parameters["beta"]?.int ?? 2, isLowercase: flag(golden, "lowercase"),
        keepsWhitespace: flag(golden, "whitespace"),
        usesEpsilon: flag(golden, "eps_smoothing")))
    let examples = try corpus(golden)
    let statistics = try metric.statistics(of: examples)
    let sentences = try examples.map { metric.score(from: try metric.statistics(of: $0)) ?? .nan }
    return try golden.differs(["score"], metric.score(from: statistics))
      ?? differs(golden, ["name"], metric.name)
      ?? differs(golden, ["signature"], metric.signature(from: statistics))
      ?? differs(golden, ["sentence_scores"], sentences) ?? inParts(metric, examples)
  }

  @Sendable static func ter(_ golden: MetricCase) throws -> String? {
    let metric = TER(tercom(golden))
    let examples = try corpus(golden)
    let statistics = try metric.statistics(of: examples)
    if let difference = try golden.differs(["score"], metric.score(from: statistics))
      ?? golden.differs(["num_edits"], Double(statistics.edits))
      ?? golden.differs(["ref_length"], statistics.referenceLength)
      ?? differs(golden, ["signature"], metric.signature(from: statistics))
      ?? inParts(metric, examples)
    {
      return difference
    }
    for (example, value) in zip(examples, golden.expected["sentence"]?.array ?? []) {
      let one = try metric.statistics(of: example)
      let ours = [metric.score(from: one) ?? .nan, Double(one.edits), one.referenceLength]
      let theirs = (value.array ?? []).map { $0.double ?? .nan }
      for (a, b) in zip(ours, theirs) where !(abs(a - b) <= golden.tolerance * max(1, abs(b))) {
        return "sentence: \(ours) instead of \(theirs)"
      }
    }
    return nil
  }

  static func tercom(_ golden: MetricCase) -> TercomOptions {
    TercomOptions(
      isNormalized: flag(golden, "normalized"), dropsPunctuation: flag(golden, "no_punct"),
      asianSupport: flag(golden, "asian_support"), isCaseSensitive: flag(golden, "case_sensitive"))
  }

  // MARK: ROUGE

  static func kind(_ name: String) -> RougeKind {
    switch name {
    case "rougeL", "rouge-l": .subsequence
    case "rougeLsum": .summary
    default: .ngrams(Int(String(name.last ?? "1")) ?? 1)
    }
  }

  static func differs(
    _ golden: MetricCase, _ name: String, _ score: RougeScore?
  ) -> String? {
    golden.differs([name, "p"], score?.precision) ?? golden.differs([name, "r"], score?.recall)
      ?? golden.differs([name, "f"], score?.f)
  }

  @Sendable static func rouge(_ golden: MetricCase) throws -> String? {
    let names = texts(golden.parameters["types"])
    let stem = flag(golden, "use_stemmer")
    let tokenizer: MetricTokenizer =
      switch golden.parameters["tokenizer"]?.string {
      case "char": .character
      case "jieba": .jieba(try dictionary())
      default: .rouge(stem: stem)
      }
    let references =
      golden.inputs["targets"].map { texts($0) } ?? [golden.inputs["target"]?.string ?? ""]
    let scorer = RougeScorer(names.map(kind), tokenizer: tokenizer)
    let scores = try scorer.scores(golden.inputs["prediction"]?.string ?? "", references)
    for (name, score) in zip(names, scores) {
      if let difference = differs(golden, name, score) { return difference }
    }
    return names.isEmpty ? "no types" : nil
  }

  @Sendable static func pyRouge(_ golden: MetricCase) throws -> String? {
    try package(golden, PackageRougeScorer(.rouge, isExclusive: flag(golden, "exclusive", true)))
  }

  @Sendable static func rougeChinese(_ golden: MetricCase) throws -> String? {
    let scorer = PackageRougeScorer(.rougeChinese, tokenizer: .jieba(try dictionary()))
    return try package(golden, scorer)
  }

  static func package(_ golden: MetricCase, _ scorer: PackageRougeScorer) throws -> String? {
    let names = ["rouge-1", "rouge-2", "rouge-l"]
    let scores = try scorer.scores(
      names.map(kind), hypothesis: golden.inputs["hyp"]?.string ?? "",
      reference: golden.inputs["ref"]?.string ?? "")
    for (name, score) in zip(names, scores ?? []) {
      if let difference = differs(golden, name, score) { return difference }
    }
    return scores == nil ? "a text without a sentence" : nil
  }

  // MARK: error rates

  static func pairs(_ golden: MetricCase) -> [TextExample] {
    let references = texts(golden.inputs["references"])
    let hypotheses = texts(golden.inputs["hypotheses"] ?? golden.inputs["predictions"])
    return zip(hypotheses, references).map { TextExample(hypothesis: $0, reference: $1) }
  }

  @Sendable static func errorRates(_ golden: MetricCase) throws -> String? {
    let names: [(String, ErrorUnit, ErrorMeasure)] = [
      ("wer", .word, .rate), ("mer", .word, .match), ("wil", .word, .informationLost),
      ("wip", .word, .informationPreserved), ("cer", .character, .rate),
    ]
    for (name, unit, measure) in names where golden.expected[name] != nil {
      let metric = ErrorRate(unit, measure)
      let statistics = try metric.statistics(of: pairs(golden))
      if let difference = golden.differs([name], metric.score(from: statistics)) {
        return difference
      }
    }
    let words = try ErrorRate(.word).statistics(of: pairs(golden)).values
    let characters = try ErrorRate(.character).statistics(of: pairs(golden)).values
    let counts: [(String, Int)] = [
      ("hits", words[0]), ("substitutions", words[1]), ("deletions", words[2]),
      ("insertions", words[3]), ("char_hits", characters[0]), ("char_sub", characters[1]),
      ("char_del", characters[2]), ("char_ins", characters[3]),
      ("errors", characters[1...].reduce(0, +)), ("ref_len", characters[..<3].reduce(0, +)),
    ]
    for (name, count) in counts where golden.expected[name] != nil {
      if let difference = golden.differs([name], Double(count)) { return difference }
    }
    return nil
  }

  @Sendable static func editDistance(_ golden: MetricCase) throws -> String? {
    let metric = NormalizedEditDistance()
    return try differs(golden, ["distance"], pairs(golden).map { try metric.distance($0) })
      ?? golden.differs(["ned"], metric.score(from: metric.statistics(of: pairs(golden))))
  }

  // MARK: tokenizers

  @Sendable static func tokens(_ golden: MetricCase) throws -> String? {
    let tokenizer: MetricTokenizer =
      switch golden.group {
      case "tokenize-rouge": .rouge(stem: flag(golden, "use_stemmer"))
      case "tokenize-tercom": .tercom(tercom(golden))
      default: try Self.tokenizer(golden.parameters["tokenize"]?.string ?? "")
      }
    let theirs = (golden.expected["tokens"]?.array ?? []).map { texts($0) }
    let ours = texts(golden.inputs["texts"]).map { tokenizer.tokens(of: $0) }
    return GoldenRun.difference(ours.map(Bytes.init), theirs.map(Bytes.init))
  }

  /// Tokens that are equal only when their bytes are.
  struct Bytes: Equatable {
    let tokens: [[UInt8]]
    init(_ texts: [String]) { tokens = texts.map { Array($0.utf8) } }
  }

  @Sendable static func stems(_ golden: MetricCase) throws -> String? {
    var stemmer = PorterStemmer()
    let ours = texts(golden.inputs["words"]).map { stemmer.stem($0) }
    return GoldenRun.difference(ours, texts(golden.expected["stems"]))
  }

  @Sendable static func jieba(_ golden: MetricCase) throws -> String? {
    var cutter = JiebaCutter(try dictionary())
    let inputs = texts(golden.inputs["texts"])
    let modes: [(String, (String) -> [String])] = [
      ("default", { cutter.words($0) }), ("hmm_off", { cutter.words($0, hmm: false) }),
      ("cut_all", { cutter.words($0, mode: .full) }),
      ("search", { cutter.words($0, mode: .search) }),
    ]
    for (name, words) in modes {
      let theirs = (golden.expected[name]?.array ?? []).map { texts($0) }
      if let difference = GoldenRun.difference(inputs.map(words), theirs) {
        return name + ": " + difference
      }
    }
    return nil
  }

  /// One check a group.
  static let checks: [String: @Sendable (MetricCase) throws -> String?] = [
    "bleu-corpus": bleu, "bleu-corpus-smooth": bleu, "bleu-corpus-edge": bleu,
    "bleu-sentence": sentenceBLEU, "nltk-sentence-bleu": nltkSentence,
    "nltk-corpus-bleu": nltkCorpus, "mindformers-adgen": adgen,
    "chrf-corpus": chrF, "ter-corpus": ter,
    "rouge-score": rouge, "rouge-score-edge": rouge, "rouge-score-multi": rouge,
    "rouge-score-zh": rouge, "pyrouge": pyRouge, "pyrouge-zh-char": pyRouge,
    "rouge-chinese": rougeChinese,
    "wer-en": errorRates, "wer-edge": errorRates, "cer-zh": errorRates,
    "modelscope-ned": editDistance,
    "tokenize-13a": tokens, "tokenize-zh": tokens, "tokenize-char": tokens,
    "tokenize-intl": tokens, "tokenize-none": tokens, "tokenize-rouge": tokens,
    "tokenize-tercom": tokens, "porter-stem": stems, "jieba-cut": jieba,
  ]
}
