internal import DSXCore

/// What is reported while a step runs: bytes of input, and tokens.
final class PreparationProgress: Sendable {
  private struct State {
    var done = 0
    var tokens = 0
  }
  private let sink: any ProgressSink
  private let phase: String
  private let total: Int?
  private let unit: String
  private let state = Lock(State())

  init(_ sink: any ProgressSink, phase: String, total: Int?, unit: String = "bytes") {
    self.sink = sink
    self.phase = phase
    self.total = total
    self.unit = unit
    add(0)
  }

  /// So much more is done.
  func add(_ count: Int, tokens: Int = 0) {
    let now = state.withLock { state in
      state.done += count
      state.tokens += tokens
      return state
    }
    var progress = Progress(
      phase: phase, done: min(now.done, total ?? .max), total: total, unit: unit)
    if now.tokens > 0 { progress.also = Progress.Amount(done: now.tokens, unit: "tokens") }
    sink.report(progress)
  }

  /// So much was done before this run.
  func skip(_ count: Int) {
    let now = state.withLock { state in
      state.done += count
      return state
    }
    sink.report(
      Progress(
        phase: phase, done: min(now.done, total ?? .max), total: total, unit: unit, skipped: count))
  }
}
