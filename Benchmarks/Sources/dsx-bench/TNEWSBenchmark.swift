import DSXCore
import Models

/// `tnews --model DIR --ids FILE --rows 64 --padded-rows 2 --length 1024 --threads N`: PanGu-alpha's TNEWS
/// recipe on a model: 4 candidates a row behind one demonstration that all rows share.
///
/// Lean, as `dsx eval` asks: no padding, the demonstration computed once, logits of the sentence's ids
/// only. Padded, as the original asks: every candidate filled up to `--length` ids, nothing shared, logits
/// of all ids. The padded rows are the first of the lean ones. One JSON line: tokens and seconds a row of
/// both, their ratios, the padded path's share of plain sgemm's rate in the same run, whether decisions
/// are the same, and the largest difference of a score.
enum TNEWSBenchmark {
  /// Ids of the demonstration, the frame with the label, and the sentence: what ddtp_zh has on average.
  private static let (shot, frame, sentence) = (17, 9, 14)

  private struct Row {
    var candidates: [[Int32]]
    /// Where the scored ids begin.
    var start: Int
  }

  static func run(_ arguments: Arguments) throws {
    let path = try arguments.text("model")
    let model = try ModelFolder.openModel(path)
    let rows = try arguments.number("rows", 64)
    let padded = min(rows, try arguments.number("padded-rows", 2))
    let length = try arguments.number("length", 1024)
    let threads = try arguments.number("threads", 1)
    let all = rowsOf(try PerplexityBenchmark.read(arguments.text("ids")).flatMap { $0 }, rows)
    let sgemm = ModelWork.sgemmRate(threads: threads)

    // The first unit warms caches and pages of the weights.
    _ = try losses(all[..<1], model, threads: threads, length: nil)
    let began = seconds()
    let lean = try losses(all[...], model, threads: threads, length: nil)
    let leanTime = (seconds() - began) / Double(rows)
    let second = seconds()
    let full = try losses(all[..<padded], model, threads: threads, length: length)
    let paddedTime = (seconds() - second) / Double(padded)
    let best = max(sgemm, ModelWork.sgemmRate(threads: threads))

    var worst = 0.0
    var isSame = true
    for (left, right) in zip(lean.losses, full.losses) {
      for (a, b) in zip(left, right) { worst = max(worst, abs(a - b)) }
      isSame = isSame && LabelScoringRule.choose(left) == LabelScoringRule.choose(right)
    }
    let work = try ModelWork(config: FilePath.join(path, "config.json"))
    let flops = 4 * work.flops(tokens: length - 1, logitRows: length - 1)
    let leanTokens = Double(lean.tokens) / Double(rows)
    let paddedTokens = Double(full.tokens) / Double(padded)
    print(
      JSONValue.object([
        .init("rows", .int(Int64(rows))), .init("padded_rows", .int(Int64(padded))),
        .init("tokens_a_row", .double(leanTokens)),
        .init("padded_tokens_a_row", .double(paddedTokens)),
        .init("fewer_tokens", .double(paddedTokens / leanTokens)),
        .init("seconds_a_row", .double(leanTime)),
        .init("padded_seconds_a_row", .double(paddedTime)),
        .init("less_time", .double(paddedTime / leanTime)),
        .init("padded_gflops", .double(flops / paddedTime / 1e9)),
        .init("sgemm_gflops", .double(best / 1e9)),
        .init("padded_of_sgemm", .double(flops / paddedTime / best)),
        .init("same_decisions", .bool(isSame)), .init("largest_difference", .double(worst)),
      ]).text(.spaced))
  }

  private static func rowsOf(_ ids: [Int32], _ count: Int) -> [Row] {
    var next = 0
    func take(_ count: Int) -> [Int32] {
      defer { next += count }
      return (next..<next + count).map { ids[$0 % max(1, ids.count)] }
    }
    let demonstration = take(shot)
    let labels = (0..<4).map { _ in take(frame) }
    return (0..<count).map { _ in
      let text = take(sentence)
      return Row(candidates: labels.map { demonstration + $0 + text }, start: shot + frame)
    }
  }

  /// Mean losses of every candidate, in units of 32 rows; `length` nil: lean.
  private static func losses(
    _ rows: ArraySlice<Row>, _ model: any LanguageModel, threads: Int, length: Int?
  ) throws -> (losses: [[Double]], tokens: Int) {
    var losses: [[Double]] = []
    var tokens = 0
    var first = rows.startIndex
    while first < rows.endIndex {
      let unit = rows[first..<min(rows.endIndex, first + 32)]
      first += 32
      let scorer = try model.makeScorer(
        ComputeOptions(workers: threads, sharesPrefixes: length == nil))
      var requests: [LikelihoodRequest] = []
      for row in unit {
        for ids in row.candidates {
          guard let length else {
            requests.append(LikelihoodRequest(ids: ids, scored: row.start..<ids.count))
            continue
          }
          let filled = ids + [Int32](repeating: 0, count: max(0, length - ids.count))
          requests.append(LikelihoodRequest(ids: filled, scored: 1..<filled.count))
        }
      }
      let scores = try scorer.score(requests)
      tokens += scorer.tally.computedTokens
      for (place, row) in unit.enumerated() {
        losses.append(
          (0..<4).map { candidate in
            let values = scores[4 * place + candidate].values
            // The padded rows have logits of every id; the mask takes the sentence's.
            let first = length == nil ? 0 : row.start - 1
            let own = values[first..<first + sentence]
            return -own.reduce(0, +) / Double(own.count)
          })
      }
    }
    return (losses, tokens)
  }
}
