internal import DSXCore
internal import Glibc
internal import Kernels

/// Log-probabilities of wanted words: the logits are made block by block of the vocabulary, and the
/// log-sum-exp runs along in float64, so that the logits of all words never lie in memory at once.
struct VocabularyHead {
  /// Rows that are taken at a time.
  static let tileRows = 1024
  /// Words that are taken at a time.
  static let blockWords = 4096

  /// A word whose log-probability is wanted.
  struct Target {
    /// The row, by its number among the rows of the call.
    let row: Int
    let word: Int32
    /// Where the answer goes.
    let slot: Int
  }

  /// An answer.
  struct Score {
    var logLikelihood: Double
    /// Whether no word has a larger logit.
    var isGreedy: Bool
  }

  let head: Linear
  let workspace: TransformerWorkspace

  /// Floats that it needs of a workspace's tile.
  static func tileCount(_ head: Linear, rows: Int) -> Int {
    min(rows, tileRows) * min(blockWords, head.outputs)
  }

  /// Answers all targets, which are in the order of their rows, from `rows` normed rows.
  func score(
    _ rows: UnsafePointer<Float>, _ count: Int, _ targets: [Target],
    into scores: UnsafeMutablePointer<Score>
  ) {
    workspace.reserveTile(Self.tileCount(head, rows: count))
    var next = 0
    for start in stride(from: 0, to: count, by: Self.tileRows) {
      let rowCount = min(Self.tileRows, count - start)
      var end = next
      while end < targets.count, targets[end].row < start + rowCount { end += 1 }
      scoreTile(rows + start * head.inputs, start, rowCount, targets[next..<end], scores)
      next = end
    }
  }

  private func scoreTile(
    _ rows: UnsafePointer<Float>, _ start: Int, _ count: Int, _ targets: ArraySlice<Target>,
    _ scores: UnsafeMutablePointer<Score>
  ) {
    let tile = workspace.tile.floats
    let input = head.prepare(
      LinearInput(rows: count, floats: rows, step: head.inputs), workspace)
    var maxima = [Float](repeating: -.infinity, count: count)
    var sums = [Double](repeating: 0, count: count)
    var logits = [Float](repeating: 0, count: targets.count)
    for first in stride(from: 0, to: head.outputs, by: Self.blockWords) {
      let words = min(Self.blockWords, head.outputs - first)
      head.multiply(input, columns: first..<first + words, into: tile, step: words)
      if let bias = head.bias { dsx_add_rows(tile, bias + first, count, words) }
      for (index, target) in targets.enumerated() {
        let word = Int(target.word) - first
        if word >= 0, word < words {
          logits[index] = tile[(target.row - start) * words + word]
        }
      }
      dsx_logsumexp_update(tile, count, words, words, &maxima, &sums)
    }
    for (index, target) in targets.enumerated() {
      let row = target.row - start
      let normaliser = Double(maxima[row]) + log(sums[row])
      scores[target.slot] = Score(
        logLikelihood: Double(logits[index]) - normaliser,
        isGreedy: logits[index] >= maxima[row])
    }
  }
}
