internal import DSXCore
internal import Glibc

/// A jieba dictionary with its HMM tables, ready to cut. Immutable and shared between threads.
///
/// `load` takes jieba's own or another dictionary, with user dictionaries, from the cache folder
/// (milliseconds), or compiles it. `JiebaEditor` makes a changed copy.
public final class JiebaDictionary: @unchecked Sendable {
  // Sendable: everything below is written in `init` only, and the memory lives as long as `owner`.
  private let owner: AnyObject
  let image: JiebaImage
  let codes: UnsafePointer<UInt16>
  let start: UnsafePointer<Double>
  let transition: UnsafePointer<Double>
  let emission: UnsafePointer<Double>
  let units: UnsafePointer<TrieUnit>
  let frequencies: UnsafePointer<UInt64>
  let rootBase: Int
  /// The sum of all frequencies of the dictionary, words that come twice counted twice.
  public let total: Int
  /// log(frequency) - log(total) by frequency number, as jieba takes it in each cut; -infinity for 0.
  let weights: UnsafeMutablePointer<Double>
  /// The weight of a character that is no word: as if it had been seen once.
  let unknownWeight: Double
  /// More characters than the longest word has, a power of two.
  let ringSize: Int
  /// Words that the model may find and that are split into characters nonetheless.
  let split: Set<[UInt8]>
  /// Names the dictionary's content: equal for equal sources.
  let fingerprint: UInt64

  /// `image` has passed its check; `owner` keeps its bytes.
  init?(_ image: JiebaImage, owner: AnyObject, fingerprint: UInt64) {
    guard let base = image.bytes.baseAddress else { return nil }
    self.owner = owner
    self.image = image
    self.fingerprint = fingerprint
    codes = (base + JiebaImage.codesOffset).assumingMemoryBound(to: UInt16.self)
    start = (base + JiebaImage.startOffset).assumingMemoryBound(to: Double.self)
    transition = (base + JiebaImage.transitionOffset).assumingMemoryBound(to: Double.self)
    emission = (base + JiebaImage.emissionOffset).assumingMemoryBound(to: Double.self)
    units = (base + image.unitsOffset).assumingMemoryBound(to: TrieUnit.self)
    frequencies = (base + image.frequenciesOffset).assumingMemoryBound(to: UInt64.self)
    rootBase = image.rootBase
    total = image.total
    // As Python's math.log: libm's log of the count as a double.
    let logTotal = log(Double(image.total))
    unknownWeight = 0 - logTotal
    weights = .allocate(capacity: image.frequencyCount)
    weights.initialize(to: -.infinity)
    for index in 1..<max(image.frequencyCount, 1) {
      (weights + index).initialize(to: log(Double(frequencies[index])) - logTotal)
    }
    var ring = 64
    while ring <= image.depth { ring *= 2 }
    ringSize = ring
    split = Set(image.bytes[image.splitOffset...].split(separator: 0x0a).map { Array($0) })
  }

  deinit { weights.deallocate() }

  /// The frequency of a word: `jieba.dt.FREQ.get(word)`; 0 for a prefix of words, nil for neither.
  public func frequency(of word: String) -> Int? {
    var base = rootBase
    var unit = TrieUnit.none
    for scalar in word.unicodeScalars {
      let code = code(of: scalar.value)
      guard base > 0, code > 0 else { return nil }
      unit = units[base + Int(code)]
      guard unit.check == UInt64(code) else { return nil }
      base = unit.base
    }
    guard unit != .none else { return nil }
    return Int(frequencies[unit.frequency])
  }

  private func code(of scalar: UInt32) -> UInt16 {
    if scalar < 0x10000 { return codes[Int(scalar)] }
    for index in 0..<image.astralCount {
      let pair = image.table(JiebaImage.astralOffset + index * 8, 2, UInt32.self)
      if pair[0] == scalar { return UInt16(truncatingIfNeeded: pair[1]) }
    }
    return 0
  }

  /// The codes of the characters.
  var scalars: ScalarCodes {
    let pairs = (0..<image.astralCount).map { index in
      let pair = image.table(JiebaImage.astralOffset + index * 8, 2, UInt32.self)
      return (scalar: pair[0], code: UInt16(truncatingIfNeeded: pair[1]))
    }
    return ScalarCodes(
      basic: Array(image.table(JiebaImage.codesOffset, 0x10000, UInt16.self)), astral: pairs,
      count: image.codeCount)
  }

  /// Start, transition and emission tables, as `JiebaImage.write` takes them.
  var model: [UnsafeRawBufferPointer] {
    let offsets = [
      JiebaImage.startOffset, JiebaImage.transitionOffset, JiebaImage.emissionOffset,
      JiebaImage.astralOffset,
    ]
    return zip(offsets, offsets.dropFirst()).map {
      UnsafeRawBufferPointer(rebasing: image.bytes[$0.0..<$0.1])
    }
  }
}
