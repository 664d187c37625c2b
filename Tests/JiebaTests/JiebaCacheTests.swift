import DSXCore
import Foundation
import Testing

@testable import Jieba

/// A small dictionary, compiled into a folder of its own.
@Suite struct JiebaCacheTests {
  let folder: String
  let sources: JiebaSources

  init() throws {
    folder = NSTemporaryDirectory() + "dsx-jieba-" + UUID().uuidString
    try FilePath.makeFolder(folder)
    try FilePath.write(
      Array("北京 10 ns\n北京大学 5\n大学 7\n学 3\nA股 2\n𠀀 4\n".utf8), to: folder + "/dict.txt")
    let homes = Homes.checkout
    sources = try JiebaSources(
      dictionary: folder + "/dict.txt", start: homes.resource("Jieba", "prob_start.json"),
      transition: homes.resource("Jieba", "prob_trans.json"),
      emission: homes.resource("Jieba", "prob_emit.json"))
  }

  func content(_ path: String) throws -> [UInt8] {
    let file = try MappedFile(path: path)
    return withExtendedLifetime(file) { Array(file.bytes) }
  }

  func words(_ dictionary: JiebaDictionary) -> [String] {
    var cutter = JiebaCutter(dictionary)
    return cutter.words("在北京大学A股", hmm: false)
  }

  @Test func damagedCachesAreReplaced() throws {
    let cache = folder + "/cache"
    let expected = ["在", "北京大学", "A股"]
    #expect(words(try JiebaDictionary.load(sources, cache: cache)) == expected)
    let name = try #require(try FilePath.list(cache).first)
    let path = cache + "/" + name
    let whole = try content(path)
    var random = PCG64(seed: 3)
    for round in 0..<24 {
      var damaged = whole
      switch round {
      case 0: damaged = []
      case 1: damaged.removeLast()
      case 2: damaged.append(0)
      case 3: damaged = Array(damaged.prefix(64))
      default:
        // Bytes of the header, the tables and the slots.
        let limit = round < 12 ? JiebaImage.headerSize : damaged.count
        damaged[Int(random.bounded(UInt32(limit)))] ^= UInt8(1 + random.bounded(255))
      }
      try FilePath.removeTree(path)
      try FilePath.write(damaged, to: path)
      let source = sources.fingerprint
      let block = MemoryBlock(damaged)
      #expect(JiebaImage(block.bytes, source: source) == nil, "round \(round)")
      withExtendedLifetime(block) {}
      if round < 6 {
        #expect(words(try JiebaDictionary.load(sources, cache: cache)) == expected)
        #expect(try content(path) == whole)
      }
    }
    try FilePath.removeTree(folder)
  }

  @Test func basesOutsideTheSlotsAreRefusedEvenWithARightFingerprint() throws {
    var image = try sources.compile()
    let source = sources.fingerprint
    let units = try #require(Self.sound(image, source)).unitsOffset
    image.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: UInt64.max << 40 | 1, toByteOffset: units + 8, as: UInt64.self)
      let sum = JiebaImage.checksum(UnsafeRawBufferPointer(bytes))
      bytes.storeBytes(of: sum, toByteOffset: JiebaImage.checksumOffset, as: UInt64.self)
    }
    let block = MemoryBlock(image)
    #expect(JiebaImage(block.bytes, source: source) == nil)
    withExtendedLifetime(block) {}
    try FilePath.removeTree(folder)
  }

  static func sound(_ image: [UInt8], _ source: UInt64) -> JiebaImage? {
    let block = MemoryBlock(image)
    return withExtendedLifetime(block) { JiebaImage(block.bytes, source: source) }
  }

  @Test func userDictionariesHaveACacheFileOfTheirOwn() throws {
    let cache = folder + "/cache"
    let user = folder + "/user.txt"
    try FilePath.write(Array("\u{feff}在北京 9 ns\n\n学A股 2\n".utf8), to: user)
    for _ in 0..<2 {
      let dictionary = try JiebaDictionary.load(sources, userDictionaries: [user], cache: cache)
      #expect(words(dictionary) == ["在北京", "大学", "A股"])
      #expect(dictionary.total == 31 + 11)
      #expect(try FilePath.list(cache).count == 2)
    }
    // Another content is another file; the first is still good.
    try FilePath.write(Array("京大 99999\n".utf8), to: user)
    let other = try JiebaDictionary.load(sources, userDictionaries: [user, user], cache: cache)
    #expect(words(other) == ["在", "北京大学", "A股"])
    #expect(other.total == 31 + 2 * 99_999)
    #expect(try FilePath.list(cache).count == 3)
    try FilePath.removeTree(folder)
  }

  @Test func concurrentStarts() async throws {
    let cache = folder + "/cache"
    let (sources, expected) = (sources, ["在", "北京大学", "A股"])
    await withTaskGroup(of: [String]?.self) { group in
      for _ in 0..<8 {
        group.addTask {
          guard let dictionary = try? JiebaDictionary.load(sources, cache: cache) else {
            return nil
          }
          var cutter = JiebaCutter(dictionary)
          return cutter.words("在北京大学A股", hmm: false)
        }
      }
      for await words in group { #expect(words == expected) }
    }
    #expect(try FilePath.list(cache).count == 1)
    try FilePath.removeTree(folder)
  }

  @Test func worksWithoutACacheFolder() throws {
    let blocked = folder + "/file"
    try FilePath.write([1], to: blocked)
    #expect(words(try JiebaDictionary.load(sources, cache: blocked)).count == 3)
    try FilePath.removeTree(folder)
  }

  @Test(arguments: ["北京\n", "北京 x\n", "北京 99999999999999999\n", "\n", "北京 0\n"])
  func badDictionaryLines(_ text: String) throws {
    let bytes = Array(("大学 0\n" + text).utf8)
    #expect(throws: DSXError.self) {
      try bytes.withUnsafeBytes { raw throws in _ = try DictionaryText(raw) }
    }
    try FilePath.removeTree(folder)
  }
}
