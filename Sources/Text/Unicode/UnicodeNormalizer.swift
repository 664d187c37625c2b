/// The four Unicode normal forms, with what happened to each code point.
///
/// As the crate unicode-normalization-alignments does it (its Unicode version too): next to each
/// code point stands its change: 0 replaces one code point of the text, 1 is new, -n replaces one and
/// swallows n that follow it.
struct UnicodeNormalizer: Sendable {
  /// NFD, NFKD, NFC, NFKC.
  enum Form: String, Sendable {
    case nfd = "NFD"
    case nfkd = "NFKD"
    case nfc = "NFC"
    case nfkc = "NFKC"
  }
  /// A code point and its change.
  struct Change {
    var code: UInt32
    var change: Int32
  }

  let form: Form
  private var isCompatible: Bool { form == .nfkd || form == .nfkc }
  private var composes: Bool { form == .nfc || form == .nfkc }

  init(_ form: Form) { self.form = form }

  /// Whether a code point stays as it is wherever it stands, and touches none of its neighbours.
  @inline(__always)
  func isInert(_ code: UInt32) -> Bool {
    if code < 0x80 { return true }
    return !UnicodeNormalizer.moves[Int(code >> 6)] || slowInert(code)
  }

  private func slowInert(_ code: UInt32) -> Bool {
    if code >= 0xac00, code < 0xd7a4 { return false }
    if code >= 0x1100, code < 0x1200 { return !composes }
    return UnicodeTables.combiningClass[code] == 0 && !UnicodeTables.canonical.contains(code)
      && !(isCompatible && UnicodeTables.compatible.contains(code))
      && !UnicodeNormalizer.followers.contains(code)
  }

  /// Second parts of compositions: they may join what stands before them.
  private static let followers: Set<UInt32> = Set(
    UnicodeTables.composition.keys.map { UInt32(truncatingIfNeeded: $0) })

  /// By blocks of 64 code points: whether any of them does anything under some form.
  private static let moves: [Bool] = {
    var moves = [Bool](repeating: false, count: 0x110000 >> 6)
    func mark(_ code: UInt32) { moves[Int(code >> 6)] = true }
    UnicodeTables.combiningClass.forEachNonzero(mark)
    UnicodeTables.canonical.forEachCode(mark)
    UnicodeTables.compatible.forEachCode(mark)
    followers.forEach(mark)
    for code in stride(from: UInt32(0x1100), to: 0x1200, by: 64) { mark(code) }
    for code in stride(from: UInt32(0xac00), to: 0xd7a4, by: 64) { mark(code) }
    return moves
  }()

  /// Whether the text is sure to stay as it is.
  func leaves(_ text: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < text.count {
      if text[index] < 0x80 {
        index += 1
        continue
      }
      let (code, next) = UTF8Scalars.read(text, index)
      guard isInert(code) else { return false }
      index = next
    }
    return true
  }

  /// The normalised text.
  func changes(_ text: UnsafeRawBufferPointer) -> [Change] {
    var output: [Change] = []
    output.reserveCapacity(text.count)
    var index = 0
    var pending = 0  // where the marks begin that may still be sorted
    while index < text.count {
      let (code, next) = UTF8Scalars.read(text, index)
      index = next
      decompose(code, &output, &pending)
    }
    Self.sort(&output, from: pending)
    return composes ? Self.compose(output) : output
  }

  private func decompose(_ code: UInt32, _ output: inout [Change], _ pending: inout Int) {
    var isFirst = true
    func push(_ code: UInt32) {
      if UnicodeTables.combiningClass[code] == 0 {
        Self.sort(&output, from: pending)
        pending = output.count + 1
      }
      output.append(Change(code: code, change: isFirst ? 0 : 1))
      isFirst = false
    }
    if code < 0x80 {
      push(code)
    } else if code >= 0xac00, code < 0xd7a4 {
      let index = code - 0xac00
      push(0x1100 + index / 588)
      push(0x1161 + index % 588 / 28)
      if index % 28 > 0 { push(0x11a7 + index % 28) }
    } else if let target = (isCompatible ? UnicodeTables.compatible[code] : nil)
      ?? UnicodeTables.canonical[code]
    {
      for code in target { push(code) }
    } else {
      push(code)
    }
  }

  /// Stable, by combining class.
  private static func sort(_ output: inout [Change], from start: Int) {
    guard output.count - start > 1 else { return }
    for index in start + 1..<output.count {
      let item = output[index]
      let kind = UnicodeTables.combiningClass[item.code]
      var at = index
      while at > start, UnicodeTables.combiningClass[output[at - 1].code] > kind {
        output[at] = output[at - 1]
        at -= 1
      }
      output[at] = item
    }
  }

  private static func compose(_ input: [Change]) -> [Change] {
    var output: [Change] = []
    output.reserveCapacity(input.count)
    var composee: Int?  // place of the last starter in `output`
    var lastClass: UInt8?
    for item in input {
      let kind = UnicodeTables.combiningClass[item.code]
      guard let starter = composee else {
        if kind == 0 { composee = output.count }
        output.append(item)
        continue
      }
      let blocked = lastClass.map { $0 >= kind } ?? false
      if !blocked, let composed = pair(output[starter].code, item.code) {
        output[starter].code = composed
        output[starter].change += item.change - 1
        continue
      }
      if kind == 0 {
        composee = output.count
        lastClass = nil
      } else {
        lastClass = kind
      }
      output.append(item)
    }
    return output
  }

  private static func pair(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first >= 0x1100, first < 0x1113, second >= 0x1161, second < 0x1176 {
      return 0xac00 + (first - 0x1100) * 588 + (second - 0x1161) * 28
    }
    if first >= 0xac00, first < 0xd7a4, (first - 0xac00) % 28 == 0, second > 0x11a7,
      second < 0x11c3
    {
      return first + second - 0x11a7
    }
    return UnicodeTables.composition[UInt64(first) << 32 | UInt64(second)]
  }
}
