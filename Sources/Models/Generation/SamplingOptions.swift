internal import DSXCore

/// How an id is drawn.
public struct SamplingOptions: Sendable, Hashable {
  /// Scores are divided by it; above 0. Below 1 the likely ids become likelier.
  public var temperature: Double
  /// Only the so many likeliest ids, and those that tie with the last of them; 0: all.
  public var topK: Int
  /// Only the likeliest ids until their probabilities reach this sum, at least one; 1: all.
  public var topP: Double
  /// Only ids at least so likely as this share of the likeliest; 0: all.
  public var minP: Double
  /// With a prompt's index it decides every draw of this prompt, whatever else is in the batch.
  public var seed: UInt64

  /// The options: the model's own distribution unless something else is said.
  public init(
    temperature: Double = 1, topK: Int = 0, topP: Double = 1, minP: Double = 0, seed: UInt64 = 0
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.seed = seed
  }

  func check() throws(DSXError) {
    try GenerationOptions.require(
      temperature > 0 && temperature.isFinite, "the temperature", "above 0", temperature)
    try GenerationOptions.require(topK >= 0, "top-k", "at least 0", topK)
    try GenerationOptions.require((0...1).contains(topP), "top-p", "between 0 and 1", topP)
    try GenerationOptions.require((0...1).contains(minP), "min-p", "between 0 and 1", minP)
  }

  /// The generator of one prompt: `seed` and `index` mixed (splitmix64), so that neighbours share nothing.
  func generator(index: Int) -> PCG64 {
    var mixed = seed &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return PCG64(seed: mixed ^ (mixed >> 31))
  }
}
