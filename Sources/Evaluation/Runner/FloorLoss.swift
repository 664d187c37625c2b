internal import Glibc

/// MindFormers' loss of one id: -ln(p + 1e-24) instead of -ln(p).
enum FloorLoss {
  /// From -ln(p).
  static func of(_ loss: Double) -> Double { -log(exp(-loss) + 1e-24) }
}
