internal import DSXCore

extension BLEUOptions {
  static func parameters(effectiveOrder: Bool) -> [MetricParameter] {
    [
      TokenizerChoice.parameter(
        ["auto"] + TokenizerChoice.bleu, default: "auto",
        "auto takes zh where most letters of the references are Chinese, else 13a"),
      MetricParameter(
        "smooth", .choice(["exp", "floor", "add-k", "none"]), default: .string("exp"),
        "what replaces a precision of zero"),
      MetricParameter(
        "smooth-value", .number(0...1_000_000), default: nil,
        "the number that floor (0.1 when not given) and add-k (1) take"),
      MetricParameter("lowercase", .flag, default: .bool(false), "lowers texts first"),
      MetricParameter(
        "max-order", .integer(1...16), default: .int(4), "the highest order of n-grams"),
      MetricParameter(
        "effective-order", .flag, default: .bool(effectiveOrder),
        "leaves out orders that the hypotheses are too short for"),
    ]
  }

  init(_ options: MetricOptions) throws(DSXError) {
    let value = options.has("smooth-value") ? try options.number("smooth-value") : nil
    let smoothing: BLEUSmoothing
    switch try options.text("smooth") {
    case "floor": smoothing = .floor(value ?? 0.1)
    case "add-k": smoothing = .addK(value ?? 1)
    case let word:
      guard value == nil else {
        throw DSXError(
          .usage, "the smoothing '\(word)' takes no number",
          hint: "smooth-value goes with floor and add-k")
      }
      smoothing = word == "none" ? .none : .exponential
    }
    let isAuto = try options.text("tokenize") == "auto"
    self.init(
      tokenizer: isAuto ? nil : try TokenizerChoice.tokenizer(options), smoothing: smoothing,
      isLowercase: try options.flag("lowercase"), maxOrder: try options.integer("max-order"),
      usesEffectiveOrder: try options.flag("effective-order"))
  }
}

extension BLEU {
  static let entry = MetricEntry(
    name: "bleu", group: .generation,
    summary: "clipped n-gram precision against references, with a penalty for short texts",
    formula: "BP * exp(mean of ln p_n), BP = exp(1 - r/c) where c < r; counts of the whole corpus",
    unit: "percent", range: 0...100, higherIsBetter: true,
    parameters: BLEUOptions.parameters(effectiveOrder: false), inputs: TextExample.columns,
    reference: "sacrebleu 2.6.0 BLEU.corpus_score",
    edgeCases: [
      "no n-gram matches at all: 0, whatever the smoothing",
      "an empty hypothesis: it adds 0 n-grams, and its reference's length",
      "r is the length of the closest reference, of two the shorter one",
      "zh does not take characters of U+20000 and above apart: sacrebleu's mistake is kept",
    ] + MetricEntry.textEdges,
    compat: [
      "sacrebleu": ["tokenize": .string("13a")], "lm-eval": ["tokenize": .string("13a")],
      "modelscope": ["tokenize": .string("13a")],
    ]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(BLEU(try BLEUOptions(options)))
  }
}

extension SentenceBLEU {
  static let entry = MetricEntry(
    name: "sentence-bleu", group: .generation, summary: "the mean of BLEU of single examples",
    formula: "mean over examples of BLEU of the example alone", unit: "percent", range: 0...100,
    higherIsBetter: true, parameters: BLEUOptions.parameters(effectiveOrder: true),
    inputs: TextExample.columns, reference: "sacrebleu 2.6.0 BLEU.sentence_score",
    edgeCases: [
      "without effective-order a text of fewer than max-order tokens scores 0 when smooth is none",
      "auto chooses the tokenizer for each example alone",
    ] + MetricEntry.textEdges,
    compat: ["sacrebleu": ["tokenize": .string("13a")]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(SentenceBLEU(try BLEUOptions(options)))
  }
}

extension NLTKBLEUOptions {
  static func parameters(_ tokenizer: String, methods: ClosedRange<Int>) -> [MetricParameter] {
    [
      TokenizerChoice.parameter(
        ["modelscope", "every-char"] + TokenizerChoice.bleu, default: tokenizer,
        "modelscope takes Chinese characters apart, every-char all characters with blanks"),
      MetricParameter(
        "smooth-method", .integer(methods), default: .int(3), "the number of NLTK's method"),
      MetricParameter(
        "max-order", .integer(1...16), default: .int(4), "the highest order of n-grams"),
    ]
  }

  init(_ options: MetricOptions) throws(DSXError) {
    self.init(
      tokenizer: try TokenizerChoice.tokenizer(options),
      method: try options.integer("smooth-method"), maxOrder: try options.integer("max-order"))
  }
}

extension NLTKBLEU {
  static let entry = MetricEntry(
    name: "nltk-bleu", group: .generation, summary: "BLEU of a corpus in NLTK's form",
    formula: "BP * exp(mean of ln p_n), each sentence counting at least one n-gram of every order",
    unit: "ratio", range: 0...1, higherIsBetter: true,
    parameters: NLTKBLEUOptions.parameters("modelscope", methods: 0...4),
    inputs: TextExample.columns,
    reference: "nltk 3.10.4 corpus_bleu; modelscope 1.40.2 TextGenerationMetric (bleu-1, bleu-4)",
    edgeCases: ["no word matches: 0", "an empty hypothesis: brevity penalty 0"]
      + MetricEntry.textEdges,
    compat: ["modelscope": ["tokenize": .string("modelscope"), "smooth-method": .int(3)]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(try NLTKBLEU(try NLTKBLEUOptions(options)))
  }
}

extension NLTKSentenceBLEU {
  static let entry = MetricEntry(
    name: "nltk-sentence-bleu", group: .generation,
    summary: "the mean of BLEU of single examples in NLTK's form",
    formula: "mean over examples of NLTK's sentence BLEU", unit: "ratio", range: 0...1,
    higherIsBetter: true,
    parameters: NLTKBLEUOptions.parameters("every-char", methods: 0...7),
    inputs: TextExample.columns,
    reference: "nltk 3.10.4 sentence_bleu, SmoothingFunction.method0 to method7",
    edgeCases: ["no word matches: 0", "method 6 without a matched 3-gram: an error, as in NLTK"]
      + MetricEntry.textEdges
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(NLTKSentenceBLEU(try NLTKBLEUOptions(options)))
  }
}
