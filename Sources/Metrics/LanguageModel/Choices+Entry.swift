internal import DSXCore

/// The entries of choices, prompts and batches.
enum ChoiceEntries {
  private static let likelihoods = MetricColumn(
    "log-likelihoods", .numbers, also: ["log_likelihoods", "lls", "loglikelihoods"],
    "the log-likelihood of each choice")
  private static let label = MetricColumn(
    "label", .number, also: ["gold", "target", "answer"], "the right choice's place, from 0")

  private static func column(_ kind: MultipleChoice.Kind) -> [MetricColumn] {
    switch kind {
    case .plain: []
    case .characters, .bytes: [MetricColumn("choices", .texts, "the choices' texts")]
    case .mutualInformation:
      [
        MetricColumn(
          "unconditional", .numbers, also: ["lls_unconditional"],
          "the log-likelihood of each choice without the question")
      ]
    case .greedy:
      [
        MetricColumn(
          "greedy", .numbers, also: ["is_greedy"],
          "1 for each choice that greedy decoding gives, else 0")
      ]
    }
  }

  private static let choices: [MetricEntry] = [
    (MultipleChoice.Kind.plain, "the likeliest choice is right", "argmax of the log-likelihood"),
    (
      .characters, "the likeliest choice for its length in characters is right",
      "argmax of log-likelihood / code points"
    ),
    (
      .bytes, "the likeliest choice for its length in bytes is right",
      "argmax of log-likelihood / UTF-8 bytes"
    ),
    (
      .mutualInformation, "the choice that the question makes likelier most is right",
      "argmax of log-likelihood - unconditional log-likelihood"
    ),
    (.greedy, "greedy decoding gives the right choice", "greedy choice = gold"),
  ].map { kind, summary, formula in
    MetricEntry(
      name: kind.rawValue, group: .languageModel,
      summary: "the share of questions where " + summary,
      formula: formula, unit: "ratio", range: 0...1, higherIsBetter: true,
      inputs: [label, likelihoods] + column(kind),
      reference: "lm-eval 0.4.13 " + kind.rawValue.replacingHyphens,
      edgeCases: [
        "of equal choices the first counts",
        "lists of different lengths, NaN and a place outside of the choices are errors",
      ], compat: ["lm-eval": [:]]
    ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
      AnyMetric(MultipleChoice(kind)) { (row: MetricRow) throws(DSXError) -> ChoiceQuestion in
        ChoiceQuestion(
          choices: row.has("choices") ? try row.texts("choices") : [],
          gold: try row.integer("label"), likelihoods: try row.numbers("log-likelihoods"),
          unconditional: row.has("unconditional") ? try row.numbers("unconditional") : [],
          isGreedy: row.has("greedy") ? try greedy(row) : [])
      }
    }
  }

  /// Marks as numbers or truth values.
  private static func greedy(_ row: MetricRow) throws(DSXError) -> [Bool] {
    let marks = (try row.json("greedy")).array ?? []
    if !marks.isEmpty, marks.allSatisfy({ $0.bool != nil }) { return marks.map { $0 == true } }
    return try row.numbers("greedy").map { $0 != 0 }
  }

  private static let prompt = MetricEntry(
    name: "prompt-accuracy", group: .languageModel,
    summary: "the share of examples whose label has the least mean loss (PanGu's prompt tasks)",
    formula: "argmin of the masked mean loss = gold", unit: "ratio", range: 0...1,
    higherIsBetter: true,
    inputs: [
      MetricColumn("label", .number, also: ["gold", "target"], "the true label's place, from 0"),
      MetricColumn("losses", .numbers, "the masked mean loss of each label's prompt"),
    ], reference: "mindformers 0.8.0 PromptAccMetric",
    edgeCases: ["of equal losses the first label counts", "NaN is an error"],
    compat: ["mindformers": [:]]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(PromptAccuracy()) { (row: MetricRow) throws(DSXError) -> PromptAccuracy.Example in
      PromptAccuracy.Example(losses: try row.numbers("losses"), gold: try row.integer("label"))
    }
  }

  private static let batches = MetricEntry(
    name: "batch-perplexity", group: .languageModel,
    summary: "perplexity from the mean losses of batches, as training frameworks report it",
    formula: "exp(mean of batch losses); modelscope: weighted by rows", unit: "per token",
    range: 0...Double.infinity, higherIsBetter: false,
    parameters: [
      MetricParameter(
        "style", .choice(BatchPerplexity.Style.allCases.map(\.rawValue)),
        default: .string("mindformers"), "whose weights")
    ],
    inputs: [
      MetricColumn("loss", .number, "the batch's mean loss in nats"),
      MetricColumn("rows", .number, isOptional: true, "rows of the batch; 1 unless given"),
    ], reference: "mindformers 0.8.0 PerplexityMetric, modelscope 1.40.2 PplMetric",
    edgeCases: [
      "depends on how rows were put into batches: compare models by token-perplexity",
      "MindFormers' losses are shifted by one and masked, ModelScope's are neither",
    ], compat: ["mindformers": ["style": "mindformers"], "modelscope": ["style": "modelscope"]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(BatchPerplexity(try options.choice("style"))) {
      (row: MetricRow) throws(DSXError) -> BatchLoss in
      BatchLoss(
        loss: try row.number("loss"), rows: row.has("rows") ? try row.integer("rows") : 1)
    }
  }

  static let entries = choices + [prompt, batches]
}

extension String {
  /// Python's names have underscores.
  fileprivate var replacingHyphens: String {
    String(decoding: utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }
}
