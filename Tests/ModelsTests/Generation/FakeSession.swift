import DSXCore
import Testing

@testable import Models

/// A model that is a function of the ids so far, and watches how it is used.
final class FakeSession: GenerationSession {
  let vocabularySize: Int
  let context: Int
  private let logits: ([Int32]) -> [Float]
  private var sequences: [Int: [Int32]] = [:]
  private var nextSlot = 0
  private(set) var tally = ComputeTally()
  /// Sequences under way at once, at most, and passes that appended ids.
  private(set) var most = 0
  private(set) var passes = 0

  init(vocabulary: Int, context: Int = 64, logits: @escaping ([Int32]) -> [Float]) {
    vocabularySize = vocabulary
    self.context = context
    self.logits = logits
  }

  /// Logits that depend on every id, the same for the same ids.
  static func random(
    vocabulary: Int, context: Int = 64, seed: UInt64 = 1, spread: Double = 4
  ) -> FakeSession {
    FakeSession(vocabulary: vocabulary, context: context) { history in
      var hash = seed
      for id in history { hash = (hash ^ UInt64(id + 1)) &* 0x0000_0100_0000_01b3 }
      var random = PCG64(seed: hash)
      return (0..<vocabulary).map { _ in Float((random.unit() - 0.5) * spread) }
    }
  }

  var open: Int { sequences.count }

  func start(_ prompts: [[Int32]]) throws(DSXError) -> [Int] {
    var slots: [Int] = []
    for prompt in prompts {
      guard !prompt.isEmpty, prompt.count <= context else {
        throw DSXError(.usage, "a prompt of \(prompt.count) ids")
      }
      sequences[nextSlot] = prompt
      slots.append(nextSlot)
      nextSlot += 1
    }
    most = max(most, sequences.count)
    return slots
  }

  func append(_ ids: [Int32], to slots: [Int]) throws(DSXError) {
    #expect(ids.count == slots.count && Set(slots).count == slots.count)
    passes += 1
    for (id, slot) in zip(ids, slots) {
      #expect((sequences[slot]?.count ?? context) < context, "slot \(slot) is full or closed")
      sequences[slot]?.append(id)
    }
  }

  func withLogits<Result>(of slot: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    #expect(sequences[slot] != nil, "slot \(slot) is closed")
    return logits(sequences[slot] ?? []).withUnsafeBufferPointer(body)
  }

  func copy(_ slot: Int) throws(DSXError) -> Int {
    #expect(sequences[slot] != nil, "slot \(slot) is closed")
    sequences[nextSlot] = sequences[slot]
    nextSlot += 1
    most = max(most, sequences.count)
    return nextSlot - 1
  }

  func release(_ slot: Int) {
    #expect(sequences.removeValue(forKey: slot) != nil, "slot \(slot) is released twice")
  }

  func length(of slot: Int) -> Int { sequences[slot]?.count ?? 0 }
}
