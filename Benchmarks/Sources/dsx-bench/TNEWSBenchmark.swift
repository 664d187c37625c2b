import DSXCore
import Models

/// `tnews --model DIR --ids FILE --rows 64 --length 1024 --threads N --padded yes|no`: PanGu-alpha's TNEWS
/// recipe on a model: 4 candidates a row behind one demonstration that all rows share.
///
/// Lean, as `dsx eval` asks: no padding, the demonstration computed once, logits of the sentence's ids
/// only. Padded, as the original asks: every candidate filled up to `--length` ids, nothing shared, logits
/// of all ids. One JSON line: rows, seconds, tokens that went through the layers, decisions and sum of the
/// losses of the first two rows, and what the arithmetic of the tokens is of plain sgemm's rate in the same
/// run.
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
    let isPadded = (try? arguments.text("padded")) == "yes"
    let rows = try arguments.number("rows", isPadded ? 2 : 64)
    let length = isPadded ? try arguments.number("length", 1024) : nil
    let threads = try arguments.number("threads", 1)
    let all = rowsOf(try PerplexityBenchmark.read(arguments.text("ids")).flatMap { $0 }, rows)
    // The first row warms caches and the pages of the weights.
    _ = try losses(all[..<1], model, threads: threads, length: nil)
    let before = ModelWork.sgemmRate(threads: threads)
    let began = seconds()
    let found = try losses(all[...], model, threads: threads, length: length)
    let time = seconds() - began
    let sgemm = max(before, ModelWork.sgemmRate(threads: threads))
    let work = try ModelWork(config: FilePath.join(path, "config.json"))
    let flops: Double
    if let length {
      flops = Double(4 * rows) * work.flops(tokens: length - 1, logitRows: length - 1)
    } else {
      // Attention's part is small: each token as if it saw a whole prompt.
      let whole = Double(shot + frame + sentence)
      flops =
        Double(found.tokens) * (work.layers + whole * work.pair / 2)
        + Double(4 * rows * sentence) * work.logits
    }
    let first = found.losses.prefix(2)
    let chosen = first.map { String(LabelScoringRule.choose($0) ?? -1) }
    print(
      JSONValue.object([
        .init("rows", .int(Int64(rows))), .init("seconds", .double(time)),
        .init("computed_tokens", .int(Int64(found.tokens))),
        .init("tokens_a_row", .double(Double(found.tokens) / Double(rows))),
        .init("seconds_a_row", .double(time / Double(rows))),
        .init("decisions", .string(chosen.joined(separator: " "))),
        .init("sum", .double(first.reduce(0) { $0 + $1.reduce(0, +) })),
        .init("gflops", .double(flops / time / 1e9)),
        .init("sgemm_gflops", .double(sgemm / 1e9)),
        .init("of_sgemm", .double(flops / time / sgemm)),
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
