internal import DSXCore

/// The entries of entities and words.
enum EntityEntries {
  private static let gold = MetricColumn(
    "label", .labels, also: ["labels", "tags", "gold", "y_true", "reference"],
    "the true tags of one sequence")
  private static let predicted = MetricColumn(
    "prediction", .labels, also: ["predictions", "pred", "y_pred", "hypothesis"],
    "the predicted tags")

  private static let parameters = [
    MetricParameter(
      "mode", .choice(["default", "strict", "mindformers"]), default: .string("default"),
      "seqeval's default or strict mode, or MindFormers' EntityScore"),
    MetricParameter(
      "scheme", .choice(TagScheme.allCases.map(\.rawValue)), default: .string("IOB2"),
      "the tagging scheme of the strict mode"),
    MetricParameter(
      "average", .choice(["micro", "macro", "weighted"]), default: .string("micro"),
      "how types become one number"),
    MetricParameter("suffix", .flag, default: .bool(false), "tags end with their letter: PER-B"),
    MetricParameter(
      "zero-division", .choice(["0", "1"]), default: .string("0"), "what 0/0 counts as"),
  ]

  private static let entities: [MetricEntry] = EntityScore.Kind.allCases.reversed().map { kind in
    MetricEntry(
      name: "entity-" + kind.rawValue, group: .extraction,
      summary: kind.rawValue + " of entities in tag sequences",
      formula: kind == .f1
        ? "2 p r / (p + r)" : kind == .precision ? "right / predicted" : "right / gold",
      unit: "ratio", range: 0...1, higherIsBetter: true, parameters: parameters,
      inputs: [gold, predicted], reference: "seqeval 1.2.2; mindformers 0.8.0 EntityScore",
      edgeCases: [
        "default: an I- at the start, or of another type, begins an entity; strict: it does not",
        "mindformers: a B- without an I- of its type is no entity; numbers have 4 decimals",
        "sequences of different lengths and tags that the scheme does not have are errors",
      ],
      compat: [
        "seqeval": ["mode": "default"], "mindformers": ["mode": "mindformers"],
      ]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let style: EntityStyle
      switch try options.text("mode") {
      case "strict": style = .strict(try options.choice("scheme"))
      case "mindformers": style = .mindformers
      default: style = .lenient
      }
      let average: LabelAverage
      switch try options.text("average") {
      case "macro": average = .macro
      case "weighted": average = .weighted
      default: average = .micro
      }
      let metric = try EntityScore(
        kind, average: average, style: style, isSuffix: options.flag("suffix"),
        zeroDivision: LabelEntries.zeroDivision(options))
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> EntityScore.Example in
        EntityScore.Example(
          gold: try row.labels("label"), predicted: try row.labels("prediction"))
      }
    }
  }

  private static let segmentation = MetricEntry(
    name: "segmentation-f1", group: .extraction, summary: "F1 of word segmentation",
    formula: "2 right / (gold + predicted); a word is right when both its borders are",
    unit: "ratio", range: 0...1, higherIsBetter: true,
    inputs: [
      MetricColumn("label", .labels, also: ["gold", "reference"], "the true words"),
      MetricColumn(
        "prediction", .labels, also: ["pred", "hypothesis"], "the predicted words"),
    ], reference: "SIGHAN bake-off, micro average",
    edgeCases: ["words that do not make up the same text are an error", "no word: not defined"]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(SegmentationScore()) {
      (row: MetricRow) throws(DSXError) -> SegmentationScore.Example in
      SegmentationScore.Example(
        gold: try row.labels("label"), predicted: try row.labels("prediction"))
    }
  }

  static let entries = entities + [segmentation]
}
