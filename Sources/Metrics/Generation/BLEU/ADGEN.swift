public import DSXCore
public import Jieba

/// MindFormers 0.8.0's ADGENMetric: rouge-chinese on jieba's words and NLTK's sentence BLEU (method
/// 3) on characters, each in percent rounded to four decimals, then averaged.
///
/// Examples whose hypothesis is blank are left out, and n does not count them.
public struct ADGEN: Metric {
  /// What is averaged: the main score is the first.
  private static let names = ["bleu-4", "rouge-1", "rouge-2", "rouge-l"]
  private final class Work {
    let rouge: PackageRougeScorer
    let bleu: TextWork
    init(_ dictionary: JiebaDictionary) {
      rouge = PackageRougeScorer(.rougeChinese, tokenizer: .jieba(dictionary))
      bleu = TextWork(.everyCharacter)
    }
  }
  private var pool: ScratchPool<Work>

  /// The metric.
  public init(_ dictionary: JiebaDictionary) { pool = ScratchPool { Work(dictionary) } }

  /// `adgen`.
  public var name: String { "adgen" }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: TextMeans { TextMeans(width: Self.names.count) }
  /// All that is fixed.
  public var signature: String {
    "nrefs:1|tok:char,jieba|smooth:method3|package:rouge-chinese|round:4|average:examples|version:1"
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One example with one reference, which must have a word.
  public func statistics(of example: TextExample) throws(DSXError) -> TextMeans {
    let reference = try example.onlyReference()
    var one = zero
    let isBlank = example.hypothesis.utf8.withContiguousStorageIfAvailable {
      PythonBlank.trimmed(UnsafeRawBufferPointer($0)).isEmpty
    }
    if isBlank ?? false { return one }
    try pool.use { (work: Work) throws(DSXError) in
      guard
        let rouge = try work.rouge.scores(
          [.ngrams(1), .ngrams(2), .subsequence], hypothesis: example.hypothesis,
          reference: reference)
      else {
        throw DSXError(
          .malformed, "a reference without a word, which rouge-chinese refuses",
          hint: "leave the example out")
      }
      work.bleu.read(example.hypothesis, [reference])
      let bleu = try NLTKSentenceBLEU.score(
        work.bleu, 1, NLTKBLEUOptions(tokenizer: .everyCharacter))
      one.addExample(
        ([bleu] + rouge.map(\.f)).map { DecimalText.rounded($0 * 100, 4) }, references: 1)
    }
    return one
  }

  /// The mean BLEU-4 in percent; nil without examples.
  public func score(from statistics: TextMeans) -> Double? { statistics.mean() }
  /// The deviation of the examples' BLEU-4 over the root of n.
  public func standardError(from statistics: TextMeans) -> StandardError? {
    statistics.standardError
  }
  /// BLEU-4 under the metric's name, and ROUGE-1, ROUGE-2, ROUGE-L.
  public func scores(from statistics: TextMeans) -> [NamedScore] {
    [NamedScore(name, statistics.mean())]
      + Self.names.indices.map { NamedScore(Self.names[$0], statistics.mean($0)) }
  }
}
