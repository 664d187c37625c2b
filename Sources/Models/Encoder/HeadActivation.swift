internal import Glibc

/// What follows a linear layer of a head; the raw value is transformers' name.
enum HeadActivation: String, Sendable, CaseIterable {
  /// Nothing.
  case identity = "linear"
  case tanh
  case relu
  /// With the error function.
  case gelu
  /// With tanh.
  case geluTanh = "gelu_new"
  case silu

  /// The activation that a configuration names: transformers' names, or the class of torch that
  /// sentence-transformers writes (`torch.nn.modules.activation.Tanh`).
  init?(name: String) {
    switch name.utf8.split(separator: UInt8(ascii: ".")).last.map({
      String(decoding: $0, as: UTF8.self)
    }) {
    case "Identity": self = .identity
    case "Tanh": self = .tanh
    case "ReLU": self = .relu
    case "GELU": self = .gelu
    case "SiLU", "swish": self = .silu
    case "gelu_pytorch_tanh", "gelu_fast": self = .geluTanh
    case "gelu_python": self = .gelu
    default:
      guard let known = HeadActivation(rawValue: name) else { return nil }
      self = known
    }
  }

  /// Applies it to `count` numbers in place. Heads have few numbers: the C library's functions do.
  func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .identity: break
    case .tanh: for index in 0..<count { values[index] = tanhf(values[index]) }
    case .relu: for index in 0..<count { values[index] = max(0, values[index]) }
    case .gelu:
      for index in 0..<count {
        let x = values[index]
        values[index] = 0.5 * x * (1 + erff(x * 0.70710678))
      }
    case .geluTanh:
      for index in 0..<count {
        let x = values[index]
        values[index] = 0.5 * x * (1 + tanhf(0.7978846 * (x + 0.044715 * x * x * x)))
      }
    case .silu:
      for index in 0..<count { values[index] /= 1 + expf(-values[index]) }
    }
  }
}
