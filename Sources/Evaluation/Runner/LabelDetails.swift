internal import DSXCore
internal import Metrics

/// What a report shows of labels: scores of each, the confusion matrix, how far shares can be believed.
struct LabelDetails {
  private let labels: LabelTable?
  private var counts: [[Int]]
  private var bins: [(count: Int, confidence: Double, hits: Int)]

  /// The most labels whose matrix is kept: beyond, the page would be unreadable anyway.
  private static let most = 1000
  private static let binCount = 10

  /// `labels` nil: choices of the rows' own, of which only the reliability is kept.
  init(_ labels: LabelTable?) {
    let kept = labels.flatMap { $0.names.count <= Self.most ? $0 : nil }
    self.labels = kept
    let count = kept?.names.count ?? 0
    counts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    bins = Array(repeating: (0, 0, 0), count: Self.binCount)
  }

  mutating func add(_ line: JSONValue) {
    if let labels, let gold = line["gold"]?.string.flatMap({ labels.place(of: $0) }),
      let said = line["prediction"]?.string.flatMap({ labels.place(of: $0) })
    {
      counts[gold][said] += 1
    }
    let shares = (line["probabilities"]?.array ?? []).compactMap(\.double)
    guard let largest = shares.max(), let isRight = line["correct"]?.bool else { return }
    let bin = min(Self.binCount - 1, max(0, Int(largest * Double(Self.binCount))))
    bins[bin].count += 1
    bins[bin].confidence += largest
    bins[bin].hits += isRight ? 1 : 0
  }

  /// The scores of each label, in the labels' order.
  var classes: [ClassScore] {
    guard let labels else { return [] }
    return labels.names.indices.map { place in
      let hits = counts[place][place]
      let support = counts[place].reduce(0, +)
      let said = counts.reduce(0) { $0 + $1[place] }
      func share(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
      }
      return ClassScore(
        label: labels.names[place],
        word: labels.words[place] == labels.names[place] ? nil : labels.words[place],
        precision: share(hits, said), recall: share(hits, support),
        f1: share(2 * hits, said + support), support: support, predicted: said)
    }
  }

  /// Right labels against answers.
  var table: ConfusionTable? {
    labels.map { ConfusionTable(labels: $0.names, rows: counts) }
  }

  /// How often answers of a confidence are right.
  var reliability: Reliability? {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    var error = 0.0
    let width = 1 / Double(Self.binCount)
    let list = bins.enumerated().map { place, bin in
      let count = Double(max(1, bin.count))
      let (confidence, accuracy) = (bin.confidence / count, Double(bin.hits) / count)
      error += Double(bin.count) / Double(total) * abs(confidence - accuracy)
      return Reliability.Bin(
        lower: Double(place) * width, upper: Double(place + 1) * width, count: bin.count,
        confidence: confidence, accuracy: accuracy)
    }
    return Reliability(
      bins: list.filter { $0.count > 0 }, calibrationError: error,
      confidence:
        "the share of the answer among the choices: softmax of minus the losses, or of the "
        + "logits")
  }
}
