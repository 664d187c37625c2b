import DSXCore
import Testing
import Text

@testable import Models

/// The text of an answer that is written id by id.
@Suite struct GeneratedTextTests {
  private let tokenizer = FallbackTokenizer()

  private func text(_ ids: [Int32], stops: [String] = []) throws -> (String, isStopped: Bool) {
    var text = GeneratedText(tokenizer, stops: stops)
    for id in ids where try text.append(id) { break }
    let isStopped = try text.finish()
    return (text.text, isStopped)
  }

  private func bytes(_ text: String) -> [Int32] { text.utf8.map { Int32($0) } }

  /// What the tokenizer decodes from all ids, also where bytes that are no text come among them.
  @Test func isTheDecodersText() throws {
    var random = PCG64(seed: 12)
    for _ in 0..<300 {
      var ids: [Int32] = []
      for _ in 0..<random.bounded(60) {
        switch random.bounded(5) {
        case 0: ids += bytes("你")
        case 1: ids += bytes("é")
        case 2: ids.append(Int32(256 + random.bounded(26)))
        case 3: ids.append(Int32(random.bounded(256)))
        default: ids.append(FallbackTokenizer.end)
        }
      }
      #expect(try text(ids) == (try tokenizer.decode(ids, skipSpecialTokens: true), false))
    }
  }

  /// Pieces are whole characters, also where a later byte changes what was before it.
  @Test func piecesAreWhole() throws {
    var random = PCG64(seed: 13)
    for _ in 0..<300 {
      var text = IncrementalText(tokenizer)
      for _ in 0..<60 {
        let id = random.bounded(3) == 0 ? 256 + random.bounded(26) : random.bounded(256)
        let piece = try text.append(Int32(id))
        #expect(String(validating: piece, as: UTF8.self) != nil)
      }
      #expect(String(validating: try text.finish(), as: UTF8.self) != nil)
    }
  }

  /// A special token has no text; one that is a stop string stops.
  @Test func specialTokensMayStop() throws {
    let ids = bytes("好") + [FallbackTokenizer.end, 256, 257]
    #expect(try text(ids) == ("好ab", false))
    #expect(try text(ids, stops: ["<|im_end|>"]) == ("好", true))
    #expect(try text(ids, stops: ["b", "<|im_end|>"]) == ("好", true))
    #expect(try text(ids, stops: ["b"]) == ("好a", true))
    // Before the rest of a character, too.
    #expect(try text([0xe4, FallbackTokenizer.end], stops: ["<|im_end|>"]) == ("\u{fffd}", true))
    #expect(tokenizer.specialIDs(spelled: ["a", "<|im_end|>", "x y"]) == [FallbackTokenizer.end])
  }

  /// `dsx generate --stop` takes the spelling of a special token, too.
  @Test func generatorsStopThere() throws {
    let said: [Int32] = [256, 257, FallbackTokenizer.end, 258, 259]
    let session = FakeSession(vocabulary: 283, context: 100) { history in
      var logits = [Float](repeating: 0, count: 283)
      logits[Int(said[min(history.count - 1, said.count - 1)])] = 10
      return logits
    }
    func result(_ stops: [String]) throws -> GenerationResult? {
      let generator = try Generator(
        session: session, tokenizer: tokenizer,
        options: GenerationOptions(maxNewTokens: 5, stopStrings: stops), endOfText: [],
        batchSize: 1)
      var results: [GenerationResult] = []
      var isGiven = false
      try generator.run { () throws(DSXError) in
        defer { isGiven = true }
        return isGiven ? nil : GenerationRequest(index: 0, ids: [1])
      } _: { (event) throws(DSXError) in
        if case .finished(let result) = event { results.append(result) }
      }
      return results.first
    }
    #expect(try result([])?.text == "abcd")
    let stopped = try result(["<|im_end|>"])
    #expect(stopped?.text == "ab" && stopped?.finish == .stop && stopped?.ids.count == 3)
  }

  /// Special tokens between a blank's piece and the text before it change nothing, and cost nothing.
  @Test func manySpecialTokens() throws {
    let ids = [256] + [Int32](repeating: FallbackTokenizer.end, count: 3_000) + [257]
    #expect(try text(ids) == ("ab", false))
  }
}
