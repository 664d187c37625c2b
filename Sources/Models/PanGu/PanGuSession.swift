internal import DSXCore

/// Generates as any causal model does, but never goes on behind the padding id, which the model hides and
/// ends documents with.
final class PanGuSession: GenerationSession {
  private let session: any GenerationSession
  private let padding: Int32

  init(_ session: any GenerationSession, padding: Int32) {
    self.session = session
    self.padding = padding
  }

  var vocabularySize: Int { session.vocabularySize }
  var context: Int { session.context }
  var tally: ComputeTally { session.tally }

  func start(_ prompts: [[Int32]]) throws(DSXError) -> [Int] {
    for prompt in prompts { try check(prompt) }
    return try session.start(prompts)
  }

  func append(_ ids: [Int32], to slots: [Int]) throws(DSXError) {
    try check(ids)
    try session.append(ids, to: slots)
  }

  func withLogits<Result>(of slot: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    session.withLogits(of: slot, body)
  }

  func copy(_ slot: Int) throws(DSXError) -> Int { try session.copy(slot) }
  func release(_ slot: Int) { session.release(slot) }
  func length(of slot: Int) -> Int { session.length(of: slot) }

  private func check(_ ids: [Int32]) throws(DSXError) {
    guard ids.contains(padding) else { return }
    throw DSXError(
      .usage, "the model hides its padding id \(padding): nothing can follow it",
      hint: "let texts end there, and leave it out of prompts")
  }
}
