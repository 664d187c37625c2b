internal import DSXCore

/// The documents of all shards under one numbering, and the sets in which they were joined.
struct ScannedDocuments {
  private let files: [ScanFile]
  /// The number of each file's first document; the last entry is the number of all.
  private let starts: [Int]
  private var forest = DocumentForest(count: 0)
  /// A bit for each document: equal to an earlier one.
  private var equal: [UInt64] = []

  init(_ files: [ScanFile]) {
    self.files = files
    var starts = [0]
    for file in files { starts.append(starts[starts.count - 1] + file.count) }
    self.starts = starts
  }

  /// Number of all documents.
  var count: Int { starts[starts.count - 1] }

  /// Joins equal, then near documents.
  mutating func join(_ options: QualityOptions, memory: Int) {
    forest = DocumentForest(count: count)
    equal = [UInt64](repeating: 0, count: (count + 63) / 64)
    // The table grows to twice the keys at worst, to the next power of two.
    let parts = max(1, (count * FirstTable.slotSize * 3 + memory - 1) / memory)
    if options.dropsExactDuplicates {
      for part in 0..<parts { joinEqual(part, of: parts) }
    }
    guard let minHash = options.minHash else { return }
    for band in 0..<minHash.buckets {
      for part in 0..<parts { joinNear(band, part, of: parts, verify: minHash.verify) }
    }
  }

  private mutating func joinEqual(_ part: Int, of parts: Int) {
    var table = FirstTable(count: count / parts + 1)
    for (file, start) in zip(files, starts) {
      file.forEachBlock { first, count, block in
        let columns = file.layout.columns(count)
        for index in 0..<count where block[columns.rule + index] == 0 {
          let place = columns.hash + 16 * index
          let key = SIMD2(
            UInt64(littleEndian: block.loadUnaligned(fromByteOffset: place, as: UInt64.self)),
            UInt64(littleEndian: block.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)))
          guard Self.part(key.y, of: parts) == part else { continue }
          let document = start + first + index
          let original = table.first(key, document)
          guard original != document else { continue }
          equal[document >> 6] |= 1 << UInt64(document & 63)
          forest.join(original, document)
        }
      }
    }
  }

  private mutating func joinNear(_ band: Int, _ part: Int, of parts: Int, verify: Double?) {
    var table = FirstTable(count: count / parts + 1)
    var more: [UInt64: [UInt32]] = [:]
    for (file, start) in zip(files, starts) {
      file.forEachBlock { first, count, block in
        let columns = file.layout.columns(count)
        for index in 0..<count where block[columns.rule + index] == 0 {
          let place = columns.bands + 8 * (band * count + index)
          let key = UInt64(
            littleEndian: block.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          guard key != 0, Self.part(key, of: parts) == part else { continue }
          let document = start + first + index
          guard !isEqual(document) else { continue }
          let original = table.first(SIMD2(key, 0), document)
          guard original != document else { continue }
          if let verify {
            joinVerified(document, original, key, &more, verify)
          } else {
            forest.join(original, document)
          }
        }
      }
    }
  }

  /// Members of a bucket that a document is compared with: the first, and those that were like none
  /// before them.
  private static let heads = 16

  /// Joins a document to the first head of its bucket that its signature agrees with enough.
  private mutating func joinVerified(
    _ document: Int, _ original: Int, _ key: UInt64, _ more: inout [UInt64: [UInt32]],
    _ limit: Double
  ) {
    if similarity(original, document) >= limit { return forest.join(original, document) }
    let heads = more[key] ?? []
    for head in heads where similarity(Int(head), document) >= limit {
      return forest.join(Int(head), document)
    }
    if heads.count < Self.heads - 1 { more[key, default: []].append(UInt32(document)) }
  }

  private func isEqual(_ document: Int) -> Bool {
    equal[document >> 6] >> UInt64(document & 63) & 1 != 0
  }

  private static func part(_ key: UInt64, of parts: Int) -> Int {
    parts == 1 ? 0 : Int(key.multipliedFullWidth(by: UInt64(parts)).high)
  }

  private func locate(_ document: Int) -> (ScanFile, Int) {
    var (low, high) = (0, files.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= document { low = middle } else { high = middle - 1 }
    }
    return (files[low], document - starts[low])
  }

  private func similarity(_ one: Int, _ two: Int) -> Double {
    ScanFile.similarity(locate(one), locate(two))
  }

  /// Writes the drop list of one shard and adds to the counts.
  mutating func write(
    _ shard: Int, to path: String, _ counts: inout QualitySelection.Counts
  ) throws(DSXError) {
    var writer = try DropListWriter(path: path)
    let file = files[shard]
    for ordinal in 0..<file.count {
      guard let reason = file.drop(ordinal) ?? duplicate(starts[shard] + ordinal) else { continue }
      try writer.append(ordinal, reason)
      counts.dropped[reason.rule, default: 0] += 1
    }
    counts.documents += file.count
    try writer.finish(documents: file.count)
  }

  /// Why a document that passed the filters is dropped as a duplicate, if it is.
  private mutating func duplicate(_ document: Int) -> DropReason? {
    guard !equal.isEmpty else { return nil }
    let first = forest.first(document)
    guard first != document else { return nil }
    let (file, ordinal) = locate(first)
    let isExact = isEqual(document)
    let value = isExact ? 0 : similarity(first, document)
    return DropReason(
      isExact ? .exactDuplicate : .nearDuplicate, value: value, original: file.place(ordinal))
  }
}
