internal import DSXCore
internal import Models

/// Results on stdout, in the order of the prompts, as soon as it is their turn.
struct ResultPrinter {
  private let format: GenerateCommand.Format
  private let streams: Bool
  private let logprobs: Bool
  private let isOne: Bool
  /// The prompt whose turn it is.
  private var turn = 0
  /// Finished lines of later prompts, and text of prompts that are under way.
  private var waiting: [Int: String] = [:]
  private var pieces: [Int: String] = [:]
  private var count = 0
  private var failed = 0
  private var firstFailure: DSXError?

  init(_ format: GenerateCommand.Format, streams: Bool, logprobs: Bool, isOne: Bool) {
    self.format = format
    self.streams = streams
    self.logprobs = logprobs
    self.isOne = isOne
  }

  mutating func take(_ event: GenerationEvent, _ prompts: [Int: Prompt]) throws(DSXError) {
    switch event {
    case .piece(let index, let text):
      guard streams else { return }
      if format == .json {
        let line: JSONValue = ["index": .int(Int64(index)), "piece": .string(text)]
        show(line.text() + "\n")
      } else if index == turn {
        show(isOne ? text : ResultLine.escaped(text))
      } else {
        pieces[index, default: ""] += ResultLine.escaped(text)
      }
    case .finished(let result):
      end(result.index, line(result, prompts[result.index]))
    case .refused(let index, let error):
      if isOne { throw error }
      failed += 1
      if firstFailure == nil { firstFailure = error }
      Output.message("dsx: prompt \(index): \(error.message)")
      let line =
        format == .json ? ResultLine.json(index, error, prompts[index]).text() + "\n" : "\n"
      end(index, line)
    }
  }

  /// The line that ends a prompt; without what was streamed before.
  private func line(_ result: GenerationResult, _ prompt: Prompt?) -> String {
    if format == .json {
      return ResultLine.json(result, prompt, logprobs: logprobs).text() + "\n"
    }
    if streams { return "\n" }
    return (isOne ? result.text : ResultLine.escaped(result.text)) + "\n"
  }

  private mutating func end(_ index: Int, _ line: String) {
    count += 1
    guard !(streams && format == .json) else { return show(line) }
    waiting[index] = line
    while let line = waiting.removeValue(forKey: turn) {
      // What came while an earlier prompt had its turn.
      show((pieces.removeValue(forKey: turn) ?? "") + line)
      turn += 1
    }
    if let text = pieces.removeValue(forKey: turn) { show(text) }
  }

  private func show(_ text: String) {
    Output.write(Array(text.utf8))
    if streams { Output.flush() }
  }

  /// Throws `incomplete` when prompts were refused, `nothingToDo` when there was none.
  func finish() throws(DSXError) {
    Output.flush()
    if failed > 0 {
      throw DSXError(
        .incomplete, "\(failed) of \(count) prompts were refused", hint: firstFailure?.hint)
    }
    if count == 0 { throw DSXError(.nothingToDo, "the input has no prompt") }
  }
}
