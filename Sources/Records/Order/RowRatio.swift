public import DSXCore

/// Weights that a set is divided by, exactly: `0.9,0.1` or `9,1`.
///
/// All arithmetic is on integers, so the sizes of the parts are the same everywhere.
public struct RowRatio: Hashable, Sendable {
  /// The running sums of the weights, scaled to integers; the last one is the total.
  private let sums: [UInt64]

  /// At most so many parts.
  public static let partLimit = 100

  /// Reads weights: positive decimal numbers with up to 9 digits on either side of the point, separated
  /// by commas. Throws `usage`.
  public init(_ text: String) throws(DSXError) {
    let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count <= Self.partLimit else {
      throw DSXError(.usage, "\(parts.count) parts; at most \(Self.partLimit) are made at once")
    }
    var sums: [UInt64] = []
    var sum: UInt64 = 0
    for part in parts {
      guard let weight = Self.scaled(part), weight > 0 else {
        throw DSXError(
          .usage, "the weight '\(String(decoding: part, as: UTF8.self))' is no positive number",
          hint: "write the weights as in 0.9,0.1 or 9,1")
      }
      // 100 weights below 10^18 stay below 2^64 only when most are small.
      let (next, overflows) = sum.addingReportingOverflow(weight)
      guard !overflows else { throw DSXError(.usage, "the weights are too large: \(text)") }
      sum = next
      sums.append(sum)
    }
    self.sums = sums
  }

  /// Equal weights.
  public init(equalParts: Int) {
    sums = (1...max(1, equalParts)).map(UInt64.init)
  }

  /// A decimal number times 10^9.
  private static func scaled(_ digits: Substring.UTF8View.SubSequence) -> UInt64? {
    var value: UInt64 = 0
    var fraction: Int?
    var whole = 0
    for byte in digits {
      if byte == UInt8(ascii: "."), fraction == nil {
        fraction = 0
        continue
      }
      guard byte &- 0x30 <= 9 else { return nil }
      if let count = fraction {
        guard count < 9 else { return nil }
        fraction = count + 1
      } else {
        whole += 1
        guard whole <= 9 else { return nil }
      }
      value = value * 10 + UInt64(byte - 0x30)
    }
    guard whole > 0 || (fraction ?? 0) > 0 else { return nil }
    for _ in (fraction ?? 0)..<9 { value *= 10 }
    return value
  }

  /// Number of parts.
  public var parts: Int { sums.count }

  /// The positions of part k of `count`: they end at floor(count * (w_0 + ... + w_k) / W).
  public func positions(of part: Int, count: Int) -> Range<Int> {
    func end(_ part: Int) -> Int {
      guard part >= 0 else { return 0 }
      return Int(UInt128(count) * UInt128(sums[part]) / UInt128(sums[sums.count - 1]))
    }
    return end(part - 1)..<end(part)
  }

  /// The part of a 64-bit hash h: the first k with h * W < (w_0 + ... + w_k) * 2^64.
  public func part(ofHash hash: UInt64) -> Int {
    let scaled = UInt128(hash) * UInt128(sums[sums.count - 1])
    return sums.firstIndex { scaled < UInt128($0) << 64 } ?? sums.count - 1
  }
}
