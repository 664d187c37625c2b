public import DSXCore

/// Which Python package's ROUGE is wanted.
public enum RougePackage: String, Sendable, CaseIterable {
  /// rouge 1.0.1 (py-rouge): sets of n-grams, union of the sentences' longest common subsequences
  /// as a set.
  case rouge = "py-rouge"
  /// rouge-chinese 1.0.3: sets of n-grams, the true longest common subsequence.
  case rougeChinese = "rouge-chinese"
}

/// ROUGE of single texts as the packages rouge 1.0.1 and rouge-chinese 1.0.3 give it.
///
/// A class with scratch space of its own: one for each thread.
public final class PackageRougeScorer {
  private let package: RougePackage
  private let isExclusive: Bool
  /// Puts blanks between tokens before the package's own rules; nil takes texts as they are.
  private var splitter: TextSplitter?
  private var spaced = TokenList()
  private var list = TokenList()
  private let index = TokenIndex()
  private var common = LongestCommonSubsequence()
  private var joined: [UInt8] = []

  /// A scorer. `isExclusive` counts each n-gram once, as the packages do by default; `tokenizer`
  /// puts blanks between words first, which the packages leave to their callers.
  public init(
    _ package: RougePackage, isExclusive: Bool = true, tokenizer: MetricTokenizer? = nil
  ) {
    self.package = package
    self.isExclusive = isExclusive
    splitter = tokenizer.map { TextSplitter($0.keepingBlanks) }
  }

  /// One score a kind; nil where a text has no sentence, which the packages refuse.
  public func scores(
    _ kinds: [RougeKind], hypothesis: String, reference: String
  ) throws(DSXError) -> [RougeScore]? {
    list.removeAll()
    append(hypothesis)
    let own = list.ends.count
    append(reference)
    let all = list.ends.count
    guard own > 0, all > own else { return nil }
    index.removeAll(expected: list.ranges.count)
    for text in 0..<own { index.append(list, text: text) }
    let distinct = index.count
    for text in own..<all { index.append(list, text: text) }
    let split = list.ends[own - 1]
    let numbers = UnsafeBufferPointer(start: index.numbers.base, count: list.ranges.count)
    let words = UnsafeBufferPointer(rebasing: numbers[..<split])
    let others = UnsafeBufferPointer(rebasing: numbers[split...])
    var scores: [RougeScore] = []
    for kind in kinds {
      switch (kind, package) {
      case (.ngrams(let order), _): scores.append(ngrams(words, others, max(1, order)))
      case (_, .rougeChinese):
        let length = common.length(words, others, distinct: distinct)
        scores.append(
          RougeScore(smoothedHits: length, hypothesis: words.count, reference: others.count))
      case (_, .rouge):
        scores.append(try summary(words, others, own, all, distinct: distinct))
      }
    }
    return scores
  }

  private func append(_ text: String) {
    let rules: SentenceRules = package == .rouge ? .pyRouge : .rougeChinese
    var text = text
    text.withUTF8 { utf8 in
      guard splitter != nil else {
        rules.append(UnsafeRawBufferPointer(utf8), to: &list)
        return
      }
      spaced.removeAll()
      splitter?.append(UnsafeRawBufferPointer(utf8), to: &spaced)
      joined.removeAll(keepingCapacity: true)
      for place in spaced.ranges {
        if !joined.isEmpty { joined.append(0x20) }
        joined.append(contentsOf: spaced.bytes[Int(place.start)..<Int(place.end)])
      }
      let bytes = joined
      bytes.withUnsafeBytes { rules.append($0, to: &list) }
    }
  }

  private func ngrams(
    _ words: UnsafeBufferPointer<Int32>, _ others: UnsafeBufferPointer<Int32>, _ order: Int
  ) -> RougeScore {
    var numbering = NGramNumbers(tokens: index.count)
    let own = numbering.numbers(words, order: order)
    let theirs = numbering.numbers(others, order: order)
    if isExclusive {
      let (ownSet, theirSet) = (Set(own), Set(theirs))
      return RougeScore(
        smoothedHits: ownSet.intersection(theirSet).count, hypothesis: ownSet.count,
        reference: theirSet.count)
    }
    var left: [Int: Int] = [:]
    for number in theirs { left[number, default: 0] += 1 }
    var hits = 0
    for number in own {
      guard let count = left[number], count > 0 else { continue }
      left[number] = count - 1
      hits += 1
    }
    return RougeScore(smoothedHits: hits, hypothesis: own.count, reference: theirs.count)
  }

  /// Each reference sentence against each sentence of the hypothesis. As a set the words of all
  /// subsequences count once; as a list every subsequence counts in full, so that recall can exceed
  /// 1.
  private func summary(
    _ words: UnsafeBufferPointer<Int32>, _ others: UnsafeBufferPointer<Int32>, _ own: Int,
    _ all: Int, distinct: Int
  ) throws(DSXError) -> RougeScore {
    var union: Set<Int32> = []
    var total = 0
    for reference in own..<all {
      let tokens = sentence(reference)
      for hypothesis in 0..<own {
        let other = sentence(hypothesis)
        let width = (other.count + 63) / 64 * 8
        guard max(distinct, tokens.count + 1) * width <= 1 << 30 else {
          throw DSXError(
            .unsupported, "ROUGE-L of sentences of \(other.count) and \(tokens.count) words",
            hint: "sentences end at full stops: score shorter texts")
        }
        common.trace(other, tokens, distinct: distinct, preference: .hypothesis) {
          union.insert(tokens[$0])
          total += 1
        }
      }
    }
    if isExclusive {
      return RougeScore(
        smoothedHits: union.count, hypothesis: Set(words).count, reference: Set(others).count)
    }
    return RougeScore(smoothedHits: total, hypothesis: words.count, reference: others.count)
  }

  private func sentence(_ text: Int) -> UnsafeBufferPointer<Int32> {
    let range = list.tokens(ofText: text)
    return UnsafeBufferPointer(start: index.numbers.base + range.lowerBound, count: range.count)
  }
}
