import DSXCore

@testable import Preparation

/// Small helpers that the tests of the quality stage share.
enum QualitySamples {
  /// A scan of a text.
  static func scan(_ text: String, parts: Bool = true) -> UnitScanner {
    var scanner = UnitScanner(parts: parts)
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { scanner.scan($0) }
    return scanner
  }

  /// The verdict of filters given as on the command line.
  static func verdict(_ text: String, _ filters: String) throws -> DropReason? {
    var options = QualityOptions()
    try options.addFilters(filters)
    return note(text, try QualityStage(options)).drop
  }

  /// The note of one text.
  static func note(_ text: String, _ stage: QualityStage) -> DocumentNote {
    var scan = stage.makeScan()
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { scan.note($0) }
  }

  /// Options for duplicates, as on the command line.
  static func duplicates(_ words: String) throws -> QualityOptions {
    var options = QualityOptions()
    try options.addDuplicates(words)
    return options
  }

  /// Writes scan files of `texts` cut at `cuts`, selects, and gives each document's reason.
  static func select(
    _ texts: [String], _ options: QualityOptions, cuts: [Int], memory: Int = 1 << 20
  ) throws -> [DropReason?] {
    let folder = try TestFolder()
    let stage = try QualityStage(options)
    let ends = cuts + [texts.count]
    var (scans, drops, start) = ([String](), [String](), 0)
    for (shard, end) in ends.enumerated() {
      scans.append(folder.path + "/scan-\(shard)")
      drops.append(folder.path + "/drop-\(shard)")
      var writer = try ScanFileWriter(path: scans[shard], stage: stage)
      for document in start..<end {
        // Places are those of the whole list, whatever the cut.
        try writer.append(
          note(texts[document], stage), place: DocumentPlace(input: 0, byte: document))
      }
      try writer.finish()
      start = end
    }
    _ = try QualitySelection(stage, memory: memory).select(scans: scans, drops: drops)
    var reasons: [DropReason?] = []
    start = 0
    for (shard, end) in ends.enumerated() {
      let list = try DropList(path: drops[shard])
      for ordinal in 0..<end - start { reasons.append(list.reason(ordinal)) }
      start = end
    }
    return reasons
  }

  /// A text of words drawn from a vocabulary of `words` words, or of Han characters.
  static func randomText(
    _ generator: inout PCG64, units: Int, vocabulary: UInt32 = 5000, han: Bool = false
  ) -> [String] {
    (0..<units).map { _ in
      let number = generator.bounded(vocabulary)
      if han { return String(Unicode.Scalar(0x4e00 + number) ?? "一") }
      var word = ""
      var rest = number + 7
      while rest > 0 {
        word.unicodeScalars.append(Unicode.Scalar(UInt8(0x61 + rest % 26)))
        rest /= 26
      }
      return word + "en"
    }
  }
}
