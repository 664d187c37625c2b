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
        let limit = round < 12 ? 64 : damaged.count
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
    image.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(
        of: UInt32.max - 1, toByteOffset: JiebaImage.unitsOffset + 16, as: UInt32.self)
      let header = Fingerprint.hash(UnsafeRawBufferPointer(rebasing: bytes[0..<56]))
      let body = UnsafeRawBufferPointer(rebasing: bytes[JiebaImage.headerSize...])
      bytes.storeBytes(of: Fingerprint.hash(body, seed: header), toByteOffset: 56, as: UInt64.self)
    }
    let block = MemoryBlock(image)
    #expect(JiebaImage(block.bytes, source: source) == nil)
    withExtendedLifetime(block) {}
    try FilePath.removeTree(folder)
  }

  @Test func worksWithoutACacheFolder() throws {
    let blocked = folder + "/file"
    try FilePath.write([1], to: blocked)
    #expect(words(try JiebaDictionary.load(sources, cache: blocked)).count == 3)
    try FilePath.removeTree(folder)
  }

  @Test(arguments: ["北京\n", "北京 x\n", "北京 99999999999\n", "\n", "北京 0\n"])
  func badDictionaryLines(_ text: String) throws {
    let bytes = Array(("大学 0\n" + text).utf8)
    #expect(throws: DSXError.self) {
      try bytes.withUnsafeBytes { raw throws in _ = try DictionaryText(raw) }
    }
    try FilePath.removeTree(folder)
  }
}
