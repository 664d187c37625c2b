import DSXCore
import Reports

/// A document like those of a nightly TNEWS evaluation, with numbers drawn from a fixed seed.
enum SampleReport {
  static let labels = [
    "故事", "文化", "娱乐", "体育", "财经", "房产", "汽车", "教育", "科技", "军事", "旅游", "国际", "证券",
    "农业", "电竞",
  ]

  static let headlines = [
    "上课时学生手机响个不停，老师一怒之下把手机摔了，家长拿发票让老师赔，大家怎么看待这种事？",
    "商赢环球股份有限公司关于延期回复上海证券交易所对公司2017年年度报告的事后审核问询函的公告",
    "通过中介公司买了二手房，首付都付了，现在卖家不想卖了。怎么处理？",
    "2018年去俄罗斯看世界杯得花多少钱？", "剃须刀的个性革新，雷明登天猫定制版新品首发",
    "再次证明了“无敌是多么寂寞”——逆天的中国乒乓球队！", "三农盾SACC-全球首个推出：互联网+区块链+农产品的电商平台",
    "重做or新英雄？其实重做对暴雪来说同样重要", "如何在商业活动中不受人欺骗？", "<script>alert(1)</script> & \"引号\" \u{202E}反",
  ]

  static var confusion: [[Int]] {
    var generator = PCG64(seed: 7)
    return labels.indices.map { row in
      var line = labels.indices.map { _ in Int(generator.bounded(14)) }
      line[row] = 180 + Int(generator.bounded(280))
      if labels[row] == "证券" {
        line = line.map { $0 / 4 }
        line[4] = 38
        line[row] = 31
      }
      return line
    }
  }

  static func normal(_ count: Int, seed: UInt64, mean: Double, deviation: Double) -> [Double] {
    var generator = PCG64(seed: seed)
    return (0..<count).map { _ in
      mean + deviation * ((0..<12).reduce(-6.0) { sum, _ in sum + generator.unit() })
    }
  }

  static var document: ReportDocument {
    let counts = confusion
    let gold = counts.map { $0.reduce(0, +) }
    let predicted = labels.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
    let bars = labels.indices.map { label in
      let f1 = 2 * Double(counts[label][label]) / Double(gold[label] + predicted[label])
      return BarChart.Bar(
        labels[label], f1, standardError: 0.5 / Double(gold[label]).squareRoot(),
        note: "\(gold[label]) examples", isMarked: f1 < 0.5)
    }
    let examples = (0..<30).map { index in
      let isCorrect = index % 3 == 0
      return ExampleList.Example(
        id: "\(1000 + 37 * index)", text: headlines[index % headlines.count],
        gold: labels[index % 15],
        predicted: isCorrect ? labels[index % 15] : labels[(index + 4) % 15],
        isCorrect: isCorrect, score: NumberFormat.signed(Double(index - 12) * 0.137, 2))
    }
    let perplexities = normal(1500, seed: 3, mean: 3.1, deviation: 0.42)
    return ReportDocument(
      title: "tnews · nanogpt_zh",
      facts: ["run 20261121-020000-nanogpt-tnews-3f2a", "validation split", "dsx 0.1.0"],
      verdict: Verdict(
        status: .neutral, headline: "accuracy 0.6462 ± 0.0048, macro-F1 0.6210 ± 0.0046",
        detail: "10,000 examples of 15 labels. Most answers that are wrong lie between 证券 and 财经."),
      tiles: [
        Tile("examples", "10,000"), Tile("accuracy", "0.6462", note: "± 0.0048"),
        Tile("macro-F1", "0.6210", note: "± 0.0046"), Tile("examples a second", "27.8"),
        Tile("peak memory", NumberFormat.bytes(212_000_000)), Tile("time", "5 min 59 s"),
      ],
      sections: [
        ReportSection(
          "Results",
          panels: [
            Panel([
              .table(
                Table(
                  columns: [
                    .words("metric"), .numbers("value ± s.e."), .numbers("examples"),
                    .words("signature"), .words("gate"),
                  ],
                  rows: [
                    [
                      "accuracy", .measured(0.64621, standardError: 0.00478), .count(10000),
                      .init("version:1", style: .code), .pill(.good, "better"),
                    ],
                    [
                      "macro-f1", .measured(0.62104, standardError: 0.00461), .count(10000),
                      .init(
                        "labels:15|average:macro|zero_division:0|bs:1000|seed:12345|version:1",
                        style: .code),
                      .pill(.neutral, "same"),
                    ],
                    [
                      "word-perplexity", .measured(181.42, standardError: 12.1), .count(1500),
                      .init(
                        "unit:word|words:re.split(\\s+)|average:corpus|version:1", style: .code),
                      .pill(.bad, "worse"),
                    ],
                    [
                      "byte-perplexity", .measured(2.3151, standardError: nil), .count(1),
                      .init("unit:byte|bytes:utf-8|average:corpus|version:1", style: .code),
                      .pill(.warning, "cannot tell"),
                    ],
                  ]))
            ])
          ]),
        ReportSection(
          "Labels",
          panels: [
            Panel(
              "Confusion matrix",
              subtitle: "row = gold label, column = prediction, per cent of the row",
              width: .half,
              [
                .heatMap(
                  .confusion(
                    labels: labels, counts: counts, summary: "Counts of gold and predicted labels.")
                )
              ]),
            Panel(
              "F1 per label", subtitle: "best first; whisker = 95 % interval", width: .half,
              [
                .bars(
                  BarChart(
                    bars: bars, maximum: 1, summary: "F1 of every label.", markMeaning: "under 0.50"
                  )
                  .sorted())
              ]),
          ]),
        ReportSection(
          "Distributions",
          panels: [
            Panel(
              "Margin", subtitle: "log-likelihood of the best label minus that of the second, nats",
              width: .half,
              [
                .histogram(
                  Histogram(
                    of: normal(2000, seed: 5, mean: 1.4, deviation: 0.9).map(abs),
                    axis: "margin (nats)",
                    markers: [.init(1.42, "median 1.42")], summary: "Most margins lie under 3."))
              ]),
            Panel(
              "Perplexity per document", subtitle: "tokens, natural logarithm", width: .half,
              [
                .histogram(
                  Histogram(
                    of: perplexities, axis: "mean negative log-likelihood (nats per token)",
                    unit: "documents", markers: [.init(3.1, "corpus 3.10"), .init(4.2, "95 %")],
                    summary: "Documents lie between 2 and 5 nats a token."))
              ]),
          ]),
        ReportSection(
          "Examples",
          lead: "30 of 10,000, smallest margin first; all of them are in predictions.jsonl.",
          panels: [
            Panel([.examples(ExampleList(examples, textTitle: "headline", scoreTitle: "margin"))])
          ]),
        ReportSection(
          "Reproduce",
          panels: [
            Panel([
              .code("dsx eval --model models/nanogpt_zh --dataset tnews --rule sum"),
              .definitions([
                Definition("data set", "tnews 1.1.0, validation, 10,000 rows"),
                Definition(
                  "data hash",
                  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                  isCode: true),
                Definition("model", "nanogpt_zh, gpt2, 10.8 M parameters, f16"),
                Definition("kernel", "OpenBLAS 0.3.21, Haswell, 1 thread a worker"),
              ]),
            ])
          ]),
      ], footer: "Made by dsx 0.1.0. This page loads nothing and runs no script.")
  }
}
