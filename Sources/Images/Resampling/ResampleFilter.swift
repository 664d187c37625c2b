/// How a resize weighs the pixels that it reads. Each gives Pillow's pixels byte for byte.
public enum ResampleFilter: String, CaseIterable, Sendable {
  /// The pixel that the middle of the new one falls on.
  case nearest
  /// A triangle, as wide as one pixel of the smaller image on each side: smooth when it makes images
  /// smaller (antialiased).
  case bilinear
  /// The cubic with a = -0.5 over two pixels on each side, antialiased too.
  case bicubic

  /// How far it reaches on each side, in pixels of the smaller image.
  var support: Double {
    switch self {
    case .nearest: 0
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// Its height at a distance from the middle.
  func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .nearest: return 1
    case .bilinear: return x < 1 ? 1 - x : 0
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}
