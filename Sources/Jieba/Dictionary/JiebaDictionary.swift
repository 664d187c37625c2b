public import DSXCore
internal import Glibc

/// A jieba dictionary with its HMM tables, ready to cut. Immutable and shared between threads.
///
/// `load` takes the dictionary of jieba 0.42.1 compiled from the cache folder (milliseconds); without
/// a usable cache file it compiles it (about half a second) and tries to leave it there.
public final class JiebaDictionary: @unchecked Sendable {
  // Sendable: everything below is written in `init` only, and the memory lives as long as `owner`.
  private let owner: AnyObject
  let codes: UnsafePointer<UInt16>
  let start: UnsafePointer<Double>
  let transition: UnsafePointer<Double>
  let emission: UnsafePointer<Double>
  let units: UnsafePointer<TrieUnit>
  let rootBase: Int
  /// The sum of all frequencies of the dictionary, words that come twice counted twice.
  public let total: Int
  /// log(total), as jieba takes it in each cut.
  let logTotal: Double

  private init?(_ image: JiebaImage, owner: AnyObject) {
    guard let base = image.bytes.baseAddress, let total = Int(exactly: image.total) else {
      return nil
    }
    self.owner = owner
    codes = (base + JiebaImage.codesOffset).assumingMemoryBound(to: UInt16.self)
    start = (base + JiebaImage.startOffset).assumingMemoryBound(to: Double.self)
    transition = (base + JiebaImage.transitionOffset).assumingMemoryBound(to: Double.self)
    emission = (base + JiebaImage.emissionOffset).assumingMemoryBound(to: Double.self)
    units = (base + JiebaImage.unitsOffset).assumingMemoryBound(to: TrieUnit.self)
    rootBase = Int(image.rootBase)
    self.total = total
    logTotal = log(Double(total))
  }

  /// The dictionary of jieba 0.42.1 that ships with dsx, through the cache of `homes`.
  ///
  /// A cache file that is damaged, of another version or made from other source files is replaced; a
  /// cache folder that cannot be written is no error.
  public static func load(homes: Homes = .current()) throws(DSXError) -> JiebaDictionary {
    try load(JiebaSources(homes: homes), cache: FilePath.join(homes.cache, "jieba"))
  }

  static func load(_ sources: JiebaSources, cache folder: String) throws(DSXError)
    -> JiebaDictionary
  {
    let fingerprint = sources.fingerprint
    let path = FilePath.join(folder, "jieba-" + String(fingerprint, radix: 16) + ".trie")
    if FilePath.exists(path), let file = try? MappedFile(path: path),
      let image = JiebaImage(file.bytes, source: fingerprint),
      let dictionary = JiebaDictionary(image, owner: file)
    {
      return dictionary
    }
    let compiled = try sources.compile()
    Self.save(compiled, to: path, in: folder)
    let block = MemoryBlock(compiled)
    guard let image = JiebaImage(block.bytes, source: fingerprint),
      let dictionary = JiebaDictionary(image, owner: block)
    else { throw DSXError(.internal, "the compiled jieba dictionary does not pass its own check") }
    return dictionary
  }

  /// Leaves the compiled dictionary for the next run. Whoever reads it checks its fingerprint, so it
  /// is renamed into place but not flushed; the temporary name is this process's own.
  private static func save(_ compiled: [UInt8], to path: String, in folder: String) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let temporary = "\(path).\(getpid())-\(now.tv_nsec).tmp"
    do {
      try FilePath.makeFolder(folder)
      try FilePath.write(compiled, to: temporary)
      if rename(temporary, path) != 0 { unlink(temporary) }
    } catch {
      unlink(temporary)
    }
  }

  /// The frequency of a word: `jieba.dt.FREQ.get(word)`; 0 for a prefix of words, nil for neither.
  public func frequency(of word: String) -> Int? {
    var slot: Int?
    for scalar in word.unicodeScalars {
      guard scalar.value < 0x10000 else { return nil }
      let code = Int(codes[Int(scalar.value)])
      let base = slot.map { Int(units[$0].base) } ?? rootBase
      guard base > 0, units[base + code].check == UInt32(code) else { return nil }
      slot = base + code
    }
    guard let slot else { return nil }
    let logFrequency = units[slot].logFrequency
    // Frequencies are below 2^32, where rounding undoes what log and exp lose.
    return logFrequency < 0 ? 0 : Int(exp(min(logFrequency, 23)).rounded())
  }
}
