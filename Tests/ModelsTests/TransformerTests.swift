import DSXCore
import Testing

@testable import Models

/// The engine's layers against the plain form, for every switch of the configuration.
@Suite struct TransformerTests {
  static func configuration(
    heads: Int = 4, shared: Int = 4, headWidth: Int = 6, width: Int = 24, inner: Int = 40,
    context: Int = 300
  ) -> TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, keyValueHeads: shared, headWidth: headWidth, inner: inner,
      context: context)
  }

  /// Runs ragged sequences in one pass and compares every row.
  private func expectEqual(_ tiny: TinyTransformer, lengths: [Int]) throws {
    var random = PCG64(seed: 77)
    let width = tiny.configuration.width
    let sequences = lengths.map { length in
      (0..<length).map { _ in (0..<width).map { _ in Double(Float(random.unit() - 0.5)) } }
    }
    let plan = RowPlan(lengths: lengths, isCausal: tiny.configuration.isCausal)
    let workspace = TransformerWorkspace()
    workspace.reserve(tiny.configuration, plan)
    for (row, values) in sequences.joined().enumerated() {
      for column in 0..<width {
        workspace.stream.floats[row * width + column] = Float(values[column])
      }
    }
    TransformerPass(tiny.transformer, workspace).run(plan)
    var worst = 0.0
    for (row, values) in sequences.map(tiny.forward).joined().enumerated() {
      for column in 0..<width {
        let ours = Double(workspace.stream.floats[row * width + column])
        worst = max(worst, abs(ours - values[column]) / max(1, abs(values[column])))
      }
    }
    #expect(worst < 5e-5)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7])
  func kinds(_ number: Int) throws {
    var configuration = Self.configuration()
    configuration.norm = number & 1 == 0 ? .layer : .rms
    configuration.normPlace = number & 2 == 0 ? .before : .after
    configuration.isCausal = number & 4 == 0
    for fused in [false, true] {
      let options = TinyTransformer.Options(biases: fused, fused: fused, byInput: !fused)
      try expectEqual(
        TinyTransformer(configuration, options, seed: UInt64(number)), lengths: [3, 1, 9, 2, 17])
    }
  }

  @Test(arguments: Activation.allCases)
  func activations(_ activation: Activation) throws {
    var configuration = Self.configuration()
    configuration.activation = activation
    try expectEqual(TinyTransformer(configuration), lengths: [5, 3])
    guard activation.hasGate else { return }
    configuration.isGated = true
    try expectEqual(TinyTransformer(configuration), lengths: [5, 3])
    try expectEqual(
      TinyTransformer(configuration, TinyTransformer.Options(biases: false)), lengths: [5, 3])
  }

  @Test func sharedHeadsAndRotaryPositions() throws {
    for (shared, headWidth) in [(4, 6), (2, 6), (1, 10)] {
      var configuration = Self.configuration(shared: shared, headWidth: headWidth)
      configuration.norm = .rms
      for isInterleaved in [false, true] {
        for width in [headWidth, 4] {
          configuration.rotary = RotaryPositions(
            width: width, base: 10_000, isInterleaved: isInterleaved)
          for fused in [false, true] {
            let options = TinyTransformer.Options(biases: false, fused: fused)
            try expectEqual(TinyTransformer(configuration, options), lengths: [4, 1, 12])
          }
        }
      }
    }
  }

  /// More rows than a block of queries, and a sequence of many blocks.
  @Test func longSequences() throws {
    var configuration = Self.configuration(heads: 2, shared: 1, headWidth: 4, width: 8, inner: 8)
    try expectEqual(TinyTransformer(configuration), lengths: [129, 5, 257])
    configuration.isCausal = false
    try expectEqual(TinyTransformer(configuration), lengths: [129, 5, 257])
  }

  @Test func queryLayer() throws {
    let options = TinyTransformer.Options(queryLayer: true, layers: 3)
    try expectEqual(TinyTransformer(Self.configuration(), options), lengths: [7, 2, 20])
  }

  /// A sequence's rows alone and in company: within float32 rounding.
  @Test func batchMates() throws {
    let tiny = TinyTransformer(Self.configuration())
    let model = try tiny.causal()
    var random = PCG64(seed: 4)
    let batch = (0..<30).map { _ in
      (0..<2 + Int(random.bounded(60))).map { _ in Int32(random.bounded(60)) }
    }
    let together = try model.logLikelihoods(batch, workers: 1)
    for (sequence, scores) in zip(batch, together) {
      let alone = try model.logLikelihoods([sequence], workers: 1)[0]
      for (one, other) in zip(scores, alone) { #expect(abs(one - other) < 1e-5) }
    }
    for workers in [2, 3, 8] {
      let same = try model.logLikelihoods(batch, workers: workers) == together
      #expect(same)
    }
  }

  @Test func rotaryScaling() {
    let plain = RotaryPositions(width: 8, base: 10_000)
    #expect(plain.frequencies == [1, 0.1, 0.01, 0.001])
    let half = RotaryPositions(width: 8, base: 10_000, scaling: .linear(factor: 2))
    #expect(half.frequencies == plain.frequencies.map { $0 / 2 })
    let given = RotaryPositions(width: 8, base: 10_000, scaling: .factors([1, 2, 4, 8]))
    #expect(given.frequencies == zip(plain.frequencies, [1, 2, 4, 8]).map { $0 / $1 })
    // Wavelengths of 6, 63, 628 and 6,283 positions, of which 100 to 1,000 is the ramp.
    let ramp = RotaryPositions(
      width: 8, base: 10_000,
      scaling: .llama3(
        factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 10, originalContext: 1000))
    #expect(ramp.frequencies[0] == plain.frequencies[0])
    #expect(ramp.frequencies[1] == plain.frequencies[1])
    #expect(ramp.frequencies[3] == plain.frequencies[3] / 8)
    let smooth = (1000 / 628.3185 - 1) / 9
    let wanted = 0.01 * ((1 - smooth) / 8 + smooth)
    #expect(abs(Double(ramp.frequencies[2]) - wanted) < 1e-7)
  }
}
