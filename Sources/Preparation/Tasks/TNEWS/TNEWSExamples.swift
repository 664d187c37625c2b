internal import DSXCore

/// The rows of a TNEWS file in order, with everything that is drawn at random.
///
/// Compatible: the demonstrations come from the evaluated file itself, one set for all rows; each row
/// compares the true label and three others of those that occur in the file. NumPy's PCG64 with seed 2,
/// drawn in the original's order.
///
/// Else a row is never among its own demonstrations, they may come from another file, and all labels
/// are compared unless a number is asked for.
struct TNEWSExamples {
  private let file: TNEWSFile
  private let labels: TNEWSLabels
  private let options: ExampleOptions
  private let compatible: Bool
  private let pool: [TNEWSFile.News]
  private let shots: Int
  private var generator: PCG64
  private var next = 0
  private let present: [String]

  /// The names of `--shots`.
  static let shotNames = ["zero": 0, "one": 1, "few": 6]

  init(path: String, _ options: ExampleOptions, compatible: Bool) throws(DSXError) {
    labels =
      if let path = options.labels {
        try TNEWSLabels(path: path, compatible: compatible)
      } else { .standard }
    file = try TNEWSFile(path: path, labels: labels, compatible: compatible)
    self.options = options
    self.compatible = compatible
    generator = PCG64(seed: options.seed ?? 2)
    present = Set(file.news.map(\.word)).sorted(by: CodePoints.precedes)
    shots = options.shots ?? 1
    if compatible {
      pool = file.balanced(6, &generator).map { [file] in file.news[$0] }
    } else if shots == 0 {
      pool = []
    } else {
      let source =
        if let train = options.train {
          try TNEWSFile(path: train, labels: labels, compatible: false)
        } else { file }
      // Two more than needed: a row that is in the pool takes the next one.
      pool = source.balanced(shots + 2, &generator).map { source.news[$0] }
    }
    guard shots <= max(pool.count, 0) || shots == 0 else {
      throw DSXError(
        .usage, "--shots \(shots) needs as many examples, and the file has \(pool.count)",
        file: options.train ?? path)
    }
  }

  /// Number of rows.
  var count: Int { file.news.count }

  /// The demonstrations of a row.
  private func demonstrations(_ news: TNEWSFile.News) -> [String] {
    let usable = compatible ? pool : pool.filter { $0.sentence != news.sentence }
    return usable.prefix(shots).map(TNEWSPrompt.demonstration)
  }

  /// The next row, or nil after the last.
  mutating func nextExample() -> TNEWSExample? {
    guard next < file.news.count else { return nil }
    let news = file.news[next]
    next += 1
    let candidates: [String]
    if let count = compatible ? 4 : options.candidates {
      let known = compatible ? present : labels.words.sorted(by: CodePoints.precedes)
      let others = known.filter { $0 != news.word }
      let chosen =
        [news.word] + generator.permutation(others.count).prefix(count - 1).map { others[$0] }
      candidates = generator.permutation(chosen.count).map { chosen[$0] }
    } else {
      candidates = labels.words
    }
    return TNEWSExample(
      demonstrations: demonstrations(news), sentence: news.sentence, candidates: candidates,
      label: candidates.firstIndex(of: news.word) ?? 0)
  }

  /// The text in front of every compatible row, line end included.
  var shotText: String { pool.prefix(shots).map { TNEWSPrompt.demonstration($0) + "\n" }.joined() }
}
