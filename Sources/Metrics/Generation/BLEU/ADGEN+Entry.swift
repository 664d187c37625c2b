internal import DSXCore
internal import Jieba

extension ADGEN {
  static let entry = MetricEntry(
    name: "adgen", group: .generation,
    summary: "MindFormers' ADGEN: BLEU-4 on characters, with ROUGE-1, -2 and -L on jieba's words",
    formula: "mean over examples of round(100 * NLTK sentence BLEU, 4)", unit: "percent",
    range: 0...100, higherIsBetter: true, inputs: TextExample.columns,
    reference: "mindformers 0.8.0 ADGENMetric (rouge-chinese 1.0.3, jieba 0.42.1, nltk 3.10.4)",
    edgeCases: [
      "a blank hypothesis is left out and n does not count it",
      "a reference without a word: an error, as in rouge-chinese",
      "several references: an error",
    ],
    compat: ["mindformers": [:]]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(ADGEN(try JiebaDictionary.load()))
  }
}
