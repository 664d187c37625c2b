internal import DSXCore
internal import Glibc

/// How the vectors of a text's tokens become one: the modes of sentence-transformers' `Pooling`, in the
/// order in which it joins them.
enum SentencePooling: String, Sendable, CaseIterable {
  /// The first token.
  case first = "cls"
  /// The largest number of each column.
  case maximum = "max"
  case mean
  /// The sum divided by the root of the number of tokens.
  case meanSqrt = "mean_sqrt_len_tokens"
  /// Token i (from 1) counts i times.
  case weightedMean = "weightedmean"
  /// The last token.
  case last = "lasttoken"

  /// Its flag in `1_Pooling/config.json`.
  private var flag: String {
    switch self {
    case .first: "pooling_mode_cls_token"
    case .maximum: "pooling_mode_max_tokens"
    case .mean: "pooling_mode_mean_tokens"
    case .meanSqrt: "pooling_mode_mean_sqrt_len_tokens"
    case .weightedMean: "pooling_mode_weightedmean_tokens"
    case .last: "pooling_mode_lasttoken"
    }
  }

  /// The modes that a `Pooling` configuration names: flags, or `pooling_mode` with one name or a list
  /// of names, joined in the list's order. Without any the mean, as there.
  static func read(_ config: JSONValue) throws(DSXError) -> [SentencePooling] {
    if let value = config["pooling_mode"], !value.isNull {
      let names = value.array ?? [value]
      let modes = names.compactMap(\.string).compactMap(SentencePooling.init(rawValue:))
      guard modes.count == names.count, !modes.isEmpty else {
        throw DSXError(
          .unsupported, "the pooling mode \(value.text()) is not known",
          hint: "known: " + allCases.map(\.rawValue).joined(separator: ", "))
      }
      return modes
    }
    let reader = ConfigurationReader(config)
    var modes: [SentencePooling] = []
    for mode in allCases where try reader.flag(mode.flag, false) { modes.append(mode) }
    return modes.isEmpty ? [.mean] : modes
  }

  /// Writes one vector of `width` numbers from `count` rows (at least 1).
  func apply(
    _ rows: UnsafePointer<Float>, count: Int, width: Int, into out: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .first: out.update(from: rows, count: width)
    case .last: out.update(from: rows + (count - 1) * width, count: width)
    case .maximum:
      out.update(from: rows, count: width)
      for row in 1..<max(1, count) {
        for column in 0..<width { out[column] = max(out[column], rows[row * width + column]) }
      }
    case .mean, .meanSqrt, .weightedMean:
      out.update(repeating: 0, count: width)
      var weights: Float = 0
      for row in 0..<count {
        let weight: Float = self == .weightedMean ? Float(row + 1) : 1
        weights += weight
        for column in 0..<width { out[column] += weight * rows[row * width + column] }
      }
      let divisor = self == .meanSqrt ? weights.squareRoot() : weights
      for column in 0..<width { out[column] /= divisor }
    }
  }
}
