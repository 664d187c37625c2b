internal import DSXCore
internal import Kernels

/// What follows the first linear layer of a feed-forward block.
enum Activation: String, CaseIterable, Sendable {
  /// GPT-2's form with tanh.
  case geluTanh = "gelu_new"
  /// The exact form with erf.
  case gelu
  /// x * sigmoid(1.702 x): CLIP's and PanGu's.
  case geluQuick = "quick_gelu"
  case relu
  /// x * sigmoid(x).
  case silu

  /// Other names of the same functions in configurations of transformers and MindFormers.
  private static let aliases: [String: Activation] = [
    "gelu_pytorch_tanh": .geluTanh, "gelu_fast": .geluTanh, "gelu_python": .gelu,
    "fast_gelu": .geluQuick, "swish": .silu,
  ]

  /// By its name in a configuration; throws `unsupported` with the known names.
  init(named name: String) throws(DSXError) {
    guard let found = Activation(rawValue: name) ?? Self.aliases[name] else {
      let known = Activation.allCases.map(\.rawValue) + Self.aliases.keys.sorted()
      throw DSXError(
        .unsupported, "the activation function '\(name)' is not supported",
        hint: "known: " + known.joined(separator: ", "))
    }
    self = found
  }

  /// Whether a gated block may have it.
  var hasGate: Bool { self == .silu || self == .geluTanh || self == .gelu }

  /// x = f(x + bias) for each row; a nil bias is 0.
  func apply(
    _ x: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?, rows: Int, columns: Int
  ) {
    switch self {
    case .geluTanh: dsx_bias_gelu_tanh(x, bias, rows, columns)
    case .gelu: dsx_bias_gelu_erf(x, bias, rows, columns)
    case .geluQuick: dsx_bias_gelu_quick(x, bias, rows, columns)
    case .relu: dsx_bias_relu(x, bias, rows, columns)
    case .silu: dsx_bias_silu(x, bias, rows, columns)
    }
  }

  /// gate = f(gate) * up for each row; only where `hasGate`.
  func applyGate(
    _ gate: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    switch self {
    case .geluTanh: dsx_gelu_tanh_gate(gate, up, columns, gate, rows, columns)
    case .gelu: dsx_gelu_erf_gate(gate, up, columns, gate, rows, columns)
    default: dsx_silu_gate(gate, up, columns, gate, rows, columns)
    }
  }
}
