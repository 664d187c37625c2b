public import DSXCore
internal import Kernels

/// The notes of one shard, read from a mapped file.
public final class ScanFile: Sendable {
  private let file: MappedFile
  let layout: ScanFileLayout
  /// Number of documents in the shard.
  public let count: Int

  /// Opens a scan file of this stage and checks its size and checksum (one pass over it).
  ///
  /// Throws `corrupt` when it is damaged, `outputExists` when other options wrote it.
  public init(path: String, stage: QualityStage) throws(DSXError) {
    file = try MappedFile(path: path)
    layout = ScanFileLayout(stage.options, identity: stage.identity)
    count = try Self.check(file, layout, path)
  }

  /// The filter that dropped a document, if any. `ordinal` must be below `count`.
  public func drop(_ ordinal: Int) -> DropReason? {
    let (block, index, columns) = place(of: ordinal)
    return file.withBytes { bytes in
      guard let rule = QualityRule(rawValue: bytes[block + columns.rule + index]) else {
        return nil
      }
      let value = bytes.loadUnaligned(
        fromByteOffset: block + columns.value + 8 * index, as: UInt64.self)
      let item = bytes.loadUnaligned(
        fromByteOffset: block + columns.item + 4 * index, as: UInt32.self)
      return DropReason(
        rule, value: Double(bitPattern: UInt64(littleEndian: value)),
        item: Int(UInt32(littleEndian: item)))
    }
  }

  /// Where a document is from. `ordinal` must be below `count`.
  public func place(_ ordinal: Int) -> DocumentPlace {
    let (block, index, columns) = place(of: ordinal)
    return file.withBytes { bytes in
      let input = bytes.loadUnaligned(
        fromByteOffset: block + columns.input + 4 * index, as: UInt32.self)
      let byte = bytes.loadUnaligned(
        fromByteOffset: block + columns.byte + 8 * index, as: UInt64.self)
      return DocumentPlace(
        input: Int(UInt32(littleEndian: input)), byte: Int(clamping: UInt64(littleEndian: byte)))
    }
  }

  /// Calls `body` with each block's first ordinal, number of documents, and the bytes of its columns.
  func forEachBlock(
    _ body: (_ first: Int, _ count: Int, _ block: UnsafeRawBufferPointer) -> Void
  ) {
    file.withBytes { bytes in
      var first = 0
      while first < count {
        let size = min(layout.blockDocuments, count - first)
        let (start, _, columns) = place(of: first)
        body(first, size, UnsafeRawBufferPointer(rebasing: bytes[start..<start + columns.size]))
        first += size
      }
    }
  }

  /// The share of hash functions on which two documents agree: an estimate of their Jaccard
  /// similarity. Both layouts have signatures of one length.
  static func similarity(_ one: (ScanFile, Int), _ two: (ScanFile, Int)) -> Double {
    let length = one.0.layout.signature
    guard length > 0 else { return 0 }
    return one.0.file.withBytes { left in
      two.0.file.withBytes { right in
        let (a, i, first) = one.0.place(of: one.1)
        let (b, j, second) = two.0.place(of: two.1)
        let leftStart = a + first.signature + 4 * length * i
        let rightStart = b + second.signature + 4 * length * j
        var equal = 0
        for k in 0..<length {
          let x = left.loadUnaligned(fromByteOffset: leftStart + 4 * k, as: UInt32.self)
          let y = right.loadUnaligned(fromByteOffset: rightStart + 4 * k, as: UInt32.self)
          equal += x == y ? 1 : 0
        }
        return Double(equal) / Double(length)
      }
    }
  }

  private func place(of ordinal: Int) -> (Int, Int, ScanFileLayout.Columns) {
    let block = ordinal / layout.blockDocuments
    let inBlock = min(layout.blockDocuments, count - block * layout.blockDocuments)
    let start = ScanFileLayout.headerSize + block * layout.columns(layout.blockDocuments).size
    return (start, ordinal % layout.blockDocuments, layout.columns(inBlock))
  }

  private static func check(
    _ file: MappedFile, _ layout: ScanFileLayout, _ path: String
  ) throws(DSXError) -> Int {
    try file.withBytes { (bytes) throws(DSXError) -> Int in
      func corrupt(_ what: String) -> DSXError {
        DSXError(
          .corrupt, "the scan file is damaged: \(what)", file: path,
          hint: "remove it and run the same command again")
      }
      guard bytes.count >= ScanFileLayout.headerSize + ScanFileLayout.footerSize else {
        throw corrupt("it is too short")
      }
      guard bytes.prefix(8).elementsEqual(ScanFileLayout.magic),
        bytes.suffix(8).elementsEqual(ScanFileLayout.endMagic)
      else { throw corrupt("it does not begin and end as one") }
      let body = bytes.count - ScanFileLayout.footerSize
      var footer = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[body...]), base: body)
      let documents = try footer.little(UInt64.self)
      let checksum = try footer.little(UInt32.self)
      guard dsx_crc32c(0, bytes.baseAddress, body) == checksum else {
        throw corrupt("its checksum is wrong")
      }
      var header = ByteReader(bytes)
      _ = try header.take(8)
      let words = try (
        header.little(UInt32.self), header.little(UInt32.self), header.little(UInt32.self),
        header.little(UInt32.self), header.little(UInt32.self), header.little(UInt32.self)
      )
      let expected = (
        ScanFileLayout.version, UInt32(layout.buckets), UInt32(layout.signature),
        UInt32(layout.hashes ? 1 : 0), UInt32(layout.blockDocuments), UInt32(0)
      )
      guard words == expected, try header.take(32).elementsEqual(layout.identity.utf8) else {
        throw DSXError(
          .outputExists, "the scan file was made with other options", file: path,
          hint: "remove it and run the same command again")
      }
      guard let count = Int(exactly: documents), layout.fileSize(count) == bytes.count else {
        throw corrupt("its size does not fit its number of documents")
      }
      return count
    }
  }
}
