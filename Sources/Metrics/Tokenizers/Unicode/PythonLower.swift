/// `str.lower()` of Python 3.11 (Unicode 14.0.0): full mappings and the rule for a final sigma.
///
/// Frozen, so that scores do not change with the machine's Unicode version. Another Python differs
/// in the few letters that its Unicode version added.
struct PythonLower: Sendable {
  /// The only one: there is nothing to set.
  static let table = PythonLower()

  /// One mapping: code points from `first` to `last` by `step` are lowered by adding `delta`.
  private struct Run: Sendable {
    let first: UInt32
    let last: UInt32
    let step: UInt32
    let delta: Int32
  }
  private let runs: [Run]
  private let cased: ScalarSet
  private let ignorable: ScalarSet

  private init() {
    let numbers = Base36.numbers(UnicodeTables.lower)
    var runs: [Run] = []
    var place = 0
    for index in stride(from: 0, to: numbers.count - 3, by: 4) {
      place += numbers[index]
      let last = place + numbers[index + 1]
      runs.append(
        Run(
          first: UInt32(place), last: UInt32(last), step: UInt32(numbers[index + 2]),
          delta: Int32(numbers[index + 3])))
      place = last
    }
    self.runs = runs
    cased = ScalarSet(table: UnicodeTables.cased)
    ignorable = ScalarSet(table: UnicodeTables.caseIgnorable)
  }

  /// Appends the lowered text.
  func append(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + text.count + 8)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        bytes.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        index += 1
        continue
      }
      let (scalar, length) = Scalars.read(text, index)
      switch scalar {
      case 0x130:  // The one letter that becomes two: i and a dot above.
        Scalars.append(0x69, to: &bytes)
        Scalars.append(0x307, to: &bytes)
      case 0x3a3: Scalars.append(isFinal(text, index, length) ? 0x3c2 : 0x3c3, to: &bytes)
      case 0x2e80..<0xa640:  // No letter here has a case: most of Chinese, Japanese and Korean.
        for offset in 0..<length { bytes.append(text[index + offset]) }
      default: Scalars.append(lowered(scalar), to: &bytes)
      }
      index += length
    }
  }

  /// The simple mapping of a code point.
  func lowered(_ scalar: UInt32) -> UInt32 {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].last < scalar { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].first <= scalar,
      (scalar - runs[low].first) % runs[low].step == 0
    else { return scalar }
    return UInt32(truncatingIfNeeded: Int64(scalar) + Int64(runs[low].delta))
  }

  /// Unicode's Final_Sigma: behind a cased letter and not before one, whatever is ignorable
  /// between.
  private func isFinal(_ text: UnsafeRawBufferPointer, _ index: Int, _ length: Int) -> Bool {
    var before = index
    var isBehindLetter = false
    while before > 0 {
      before -= 1
      while before > 0, text[before] & 0xc0 == 0x80 { before -= 1 }
      let (scalar, _) = Scalars.read(text, before)
      if ignorable.contains(scalar) { continue }
      isBehindLetter = cased.contains(scalar)
      break
    }
    guard isBehindLetter else { return false }
    var after = index + length
    while after < text.count {
      let (scalar, length) = Scalars.read(text, after)
      if !ignorable.contains(scalar) { return !cased.contains(scalar) }
      after += length
    }
    return true
  }
}
