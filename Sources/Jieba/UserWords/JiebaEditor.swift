public import DSXCore

/// A changed copy of a dictionary in the making: `add_word`, `del_word`, `suggest_freq` and `load_userdict` of
/// jieba 0.42.1, with its totals, prefixes and forced splits.
///
/// A change takes microseconds; `dictionary()` copies everything once (some milliseconds). In jieba the words that
/// were deleted are split in all dictionaries of the process; here in this one.
public struct JiebaEditor {
  let base: JiebaDictionary
  var units: [TrieUnit]
  var rootBase: Int
  private var map: SlotMap
  private(set) var scalars: ScalarCodes
  var numbers: FrequencyNumbers
  private var depth: Int
  /// Codes of the children by their base: those of `base`, and those of the nodes that changed.
  private let original: ChildLists
  private var changed: [Int: [UInt16]] = [:]
  private var hints = [Int](repeating: 0, count: 64)
  private var split: Set<String>
  /// The sum of all frequencies: `jieba.dt.total`. It also grows when a word is added again.
  public private(set) var total: Int

  /// A copy of a dictionary.
  public init(_ dictionary: JiebaDictionary) {
    base = dictionary
    let image = dictionary.image
    let slots = UnsafeBufferPointer(start: dictionary.units, count: image.slotCount)
    units = Array(slots)
    rootBase = dictionary.rootBase
    map = SlotMap(slots, rootBase: rootBase)
    scalars = dictionary.scalars
    numbers = FrequencyNumbers(
      values: Array(UnsafeBufferPointer(start: dictionary.frequencies, count: image.frequencyCount))
    )
    depth = image.depth
    original = ChildLists(slots)
    split = Set(dictionary.split.map { String(decoding: $0, as: UTF8.self) })
    total = dictionary.total
  }

  /// `add_word(word, frequency)`: nil lets `suggestedFrequency` choose.
  ///
  /// The word gets this frequency, the total grows by it, and all prefixes become known. 0 deletes the word.
  /// Throws `malformed` for an empty or overlong word and a frequency outside of 0 to 2^53.
  public mutating func add(_ word: String, frequency: Int? = nil) throws(DSXError) {
    guard !word.isEmpty, word.utf8.count <= DictionaryText.maximumWordBytes else {
      throw DSXError(.malformed, "a word has 1 to \(DictionaryText.maximumWordBytes) bytes")
    }
    let frequency = frequency ?? suggestedFrequency(of: word)
    let (sum, overflow) = total.addingReportingOverflow(frequency)
    guard frequency >= 0, frequency <= DictionaryText.maximumFrequency, !overflow else {
      throw DSXError(.malformed, "the frequency of '\(word)' is not a number from 0 to 2^53")
    }
    var slot: Int?
    var count = 0
    for scalar in word.unicodeScalars {
      slot = try child(of: slot, by: try code(of: scalar.value))
      count += 1
    }
    if let slot { units[slot].frequency = numbers.number(of: UInt64(frequency)) }
    guard numbers.values.count <= TrieUnit.maximum else { throw Self.tooLarge }
    total = sum
    depth = max(depth, count)
    if frequency == 0 { split.insert(word) }
  }

  /// `del_word(word)`: frequency 0, and the model's words that equal it are split into characters.
  public mutating func remove(_ word: String) throws(DSXError) { try add(word, frequency: 0) }

  /// The dictionary as it is now.
  public func dictionary() throws(DSXError) -> JiebaDictionary {
    try JiebaDictionary.inMemory(image(source: 0), fingerprint: 0)
  }

  func image(source: UInt64) throws(DSXError) -> [UInt8] {
    // The model gives words of these characters only.
    let chinese = split.filter { $0.unicodeScalars.allSatisfy(HMMTables.contains) }
    var parts = JiebaImage.Parts(
      scalars: scalars, units: [], rootBase: rootBase, frequencies: numbers.values,
      depth: depth, total: total,
      split: chinese.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let slots = map.highest + scalars.count + 2
    if slots <= original.slotCount + original.slotCount / 8 {
      parts.units = Array(units.prefix(slots))
      if parts.units.count < slots {
        let more = slots - parts.units.count
        parts.units.append(contentsOf: repeatElement(.free, count: more))
      }
    } else {
      // Many changes leave many holes, above all those that bring new characters.
      let array = try DoubleArrayBuilder(trie())
      parts.units = array.units
      parts.rootBase = array.rootBase
      parts.frequencies = array.frequencies
    }
    return JiebaImage.write(parts, base.model, source: source)
  }

  /// All nodes, level by level.
  private func trie() -> TrieBuilder {
    var trie = TrieBuilder(scalars: scalars, depth: depth)
    var bases = [rootBase]
    var node = 0
    while node < bases.count {
      let base = bases[node]
      for code in base > 0 ? children(base) : [] {
        let unit = units[base + Int(code)]
        trie.append(parent: node, code: code, frequency: numbers.values[unit.frequency])
        bases.append(unit.base)
      }
      node += 1
    }
    return trie
  }

  /// The frequency of a word: `jieba.dt.FREQ.get(word)`; 0 for a prefix of words, nil for neither.
  public func frequency(of word: String) -> Int? {
    var base = rootBase
    var unit = TrieUnit.none
    for scalar in word.unicodeScalars {
      unit = step(base, scalars.code(of: scalar.value))
      guard unit != .none else { return nil }
      base = unit.base
    }
    return unit == .none ? nil : Int(numbers.values[unit.frequency])
  }

  /// The unit that `code` leads to, `none` when there is none.
  func step(_ base: Int, _ code: UInt16) -> TrieUnit {
    let slot = base + Int(code)
    return base > 0 && code > 0 && slot < units.count ? units[slot].matching(code) : .none
  }

  private mutating func code(of scalar: UInt32) throws(DSXError) -> UInt16 {
    let known = scalars.code(of: scalar)
    if known > 0 { return known }
    try scalars.assign(scalar)
    return scalars.code(of: scalar)
  }

  /// The slot of a node's child (nil: of the root), which is made when it is not there.
  private mutating func child(of parent: Int?, by code: UInt16) throws(DSXError) -> Int {
    let base = parent.map { units[$0].base } ?? rootBase
    if step(base, code) != .none { return base + Int(code) }
    if base > 0, map.isFree(base + Int(code)) {
      changed[base] = Self.inserting(code, into: children(base))
      return take(base + Int(code), code)
    }
    let siblings = base > 0 ? children(base) : []
    let together = Self.inserting(code, into: siblings)
    let place = map.place(together, hint: &hints[min(together.count, 63)])
    guard map.highest + scalars.count + 2 <= TrieUnit.maximum else { throw Self.tooLarge }
    for sibling in siblings {
      let old = base + Int(sibling)
      let unit = units[old]
      _ = take(place + Int(sibling), sibling)
      units[place + Int(sibling)] = unit
      units[old] = .free
      map.freeSlot(old)
    }
    if base > 0 {
      map.freeBase(base)
      changed[base] = []
    }
    changed[place] = together
    if let parent { units[parent].base = place } else { rootBase = place }
    return take(place + Int(code), code)
  }

  private mutating func take(_ slot: Int, _ code: UInt16) -> Int {
    if slot >= units.count {
      let more = max(slot + 1, units.count + units.count / 8) - units.count
      units.append(contentsOf: repeatElement(.free, count: more))
    }
    map.takeSlot(slot)
    units[slot] = TrieUnit(check: code, frequency: 0, base: 0)
    return slot
  }

  private func children(_ base: Int) -> [UInt16] { changed[base] ?? original.codes(base) }

  private static func inserting(_ code: UInt16, into codes: [UInt16]) -> [UInt16] {
    var codes = codes
    codes.insert(code, at: codes.firstIndex { $0 > code } ?? codes.count)
    return codes
  }

  private static var tooLarge: DSXError {
    DSXError(.unsupported, "the dictionary is too large: more than 16 million slots")
  }
}
