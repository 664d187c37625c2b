internal import Glibc

/// Rotary position embedding: pairs of a head's numbers are turned by an angle that grows with the
/// position (Su et al. 2021).
struct RotaryPositions: Sendable, Equatable {
  /// How the angles are stretched for longer contexts, as transformers' `rope_scaling` has them.
  enum Scaling: Sendable, Equatable {
    case none
    /// Positions divided by a factor.
    case linear(factor: Double)
    /// Low frequencies divided by the factor, high ones kept, a ramp between them (Llama 3.1).
    case llama3(
      factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
      originalContext: Double)
    /// Each frequency divided by a number of its own (GGUF's `rope_freqs.weight`).
    case factors([Float])
  }

  /// Whether the pairs are (2i, 2i + 1) as in GGUF files of the llama architecture, and not
  /// (i, i + width / 2).
  var isInterleaved: Bool
  /// How many of a head's numbers are turned; even.
  var width: Int
  /// The angle of pair i at position p is p * frequencies[i].
  let frequencies: [Float]

  /// The frequencies base^(-2i / width), scaled.
  init(width: Int, base: Double, scaling: Scaling = .none, isInterleaved: Bool = false) {
    self.width = width
    self.isInterleaved = isInterleaved
    frequencies = (0..<width / 2).map { pair in
      // float32 as transformers computes them.
      let plain = 1 / Float(pow(base, Double(Float(2 * pair) / Float(width))))
      return Self.scale(plain, pair, scaling)
    }
  }

  private static func scale(_ frequency: Float, _ pair: Int, _ scaling: Scaling) -> Float {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / Float(factor)
    case .factors(let factors):
      return factors.indices.contains(pair) ? frequency / factors[pair] : frequency
    case .llama3(let factor, let low, let high, let original):
      let length = 2 * Double.pi / Double(frequency)
      if length < original / high { return frequency }
      if length > original / low { return Float(Double(frequency) / factor) }
      let smooth = (original / length - low) / (high - low)
      return Float((1 - smooth) * Double(frequency) / factor + smooth * Double(frequency))
    }
  }

  /// Writes the cosines and sines of the positions 0 ..< `count`: `width / 2` numbers a position each.
  func fill(
    _ count: Int, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>
  ) {
    let pairs = frequencies.count
    for position in 0..<count {
      for pair in 0..<pairs {
        // float32 as transformers computes it.
        let angle = Float(position) * frequencies[pair]
        cosines[position * pairs + pair] = cosf(angle)
        sines[position * pairs + pair] = sinf(angle)
      }
    }
  }
}
