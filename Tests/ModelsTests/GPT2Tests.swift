import DSXCore
import Testing

@testable import Models

@Suite struct GPT2Tests {
  private func ids(_ count: Int, _ random: inout PCG64, below limit: UInt32 = 300) -> [Int32] {
    (0..<count).map { _ in Int32(random.bounded(limit)) }
  }

  private func expectEqual(_ tiny: TinyGPT2, _ lengths: [Int]) throws {
    let scratch = try Scratch()
    try tiny.write(to: scratch)
    let model = try ModelFolder.open(scratch.path).model
    var random = PCG64(seed: 9)
    let batch = lengths.map { ids($0, &random, below: UInt32(tiny.vocabulary)) }
    let scores = try model.logLikelihoods(batch, workers: 2)
    for (sequence, ours) in zip(batch, scores) {
      let theirs = tiny.logLikelihoods(sequence)
      #expect(ours.count == theirs.count)
      for (mine, other) in zip(ours, theirs) { #expect(abs(mine - other) < 1e-4) }
    }
  }

  @Test func agreesWithThePlainForm() throws {
    try expectEqual(TinyGPT2(), [2, 3, 13, 7])
  }

  @Test(arguments: ["gelu_new", "gelu", "relu", "silu", "quick_gelu"])
  func activations(_ name: String) throws {
    try expectEqual(TinyGPT2(inner: 20, ["activation_function": .string(name)]), [9])
  }

  @Test func options() throws {
    try expectEqual(TinyGPT2(["scale_attn_weights": false]), [9])
    try expectEqual(TinyGPT2(["scale_attn_by_inverse_layer_idx": true]), [9])
    try expectEqual(TinyGPT2(tied: false), [9])
    try expectEqual(TinyGPT2(prefix: ""), [9])
  }

  /// More rows than one attention block and more words than one block of the head.
  @Test func longerThanOneBlock() throws {
    try expectEqual(
      TinyGPT2(width: 8, heads: 2, layers: 1, positions: 300, vocabulary: 4_500), [301, 129])
  }

  /// The same bits with any number of workers, the same numbers to 1e-5 alone and in other company.
  @Test func independentOfBatchAndWorkers() throws {
    let scratch = try Scratch()
    try TinyGPT2(positions: 40).write(to: scratch)
    let model = try ModelFolder.open(scratch.path).model
    var random = PCG64(seed: 21)
    let batch = (0..<40).map { _ in ids(2 + Int(random.bounded(40)), &random) }
    let alone = try batch.map { try model.logLikelihoods([$0], workers: 1)[0] }
    let together = try model.logLikelihoods(batch, workers: 1)
    let backwards = Array(try model.logLikelihoods(batch.reversed(), workers: 1).reversed())
    for other in [together, backwards] {
      let worst = zip(other.joined(), alone.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(other.map(\.count) == alone.map(\.count) && worst < 1e-5)
    }
    for workers in [2, 3, 8] {
      let same = try model.logLikelihoods(batch, workers: workers) == together
      #expect(same)
    }
    #expect(try model.logLikelihoods([], workers: 2).isEmpty)
  }

  @Test func refusesBadIDs() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    let model = try ModelFolder.open(scratch.path).model
    for bad: [Int32] in [[], [1], [1, 300], [-1, 2], [Int32](repeating: 1, count: 14)] {
      #expect(throws: DSXError.self) { try model.logLikelihoods([[1, 2], bad], workers: 2) }
    }
  }

  @Test func refusesWeightsThatAreNotFinite() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    tiny.tensors[0].values[5] = .nan
    try tiny.write(to: scratch)
    let model = try ModelFolder.open(scratch.path).model
    #expect {
      try model.logLikelihoods([[0, 1, 2]], workers: 1)
    } throws: { error in
      let error = error as? DSXError
      return error?.code == .corrupt && error?.message.contains("transformer.wte.weight") == true
    }
  }
}
