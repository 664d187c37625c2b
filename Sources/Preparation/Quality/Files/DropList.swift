public import DSXCore
internal import Kernels

/// Which documents of a shard are dropped, and why: a mapped file, searched by halves.
public final class DropList: Sendable {
  private let file: MappedFile
  /// Number of documents in the shard, dropped ones included.
  public let documents: Int
  /// Number of dropped documents.
  public let count: Int

  /// Opens a list and checks its size, checksum and order. Throws `corrupt` when it is damaged.
  public init(path: String) throws(DSXError) {
    file = try MappedFile(path: path)
    (documents, count) = try Self.check(file, path)
  }

  /// Why the document of that ordinal is dropped; nil when it is kept. Logarithmic.
  public func reason(_ ordinal: Int) -> DropReason? {
    file.withBytes { bytes in
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if Self.ordinal(bytes, middle) < ordinal { low = middle + 1 } else { high = middle }
      }
      guard low < count, Self.ordinal(bytes, low) == ordinal else { return nil }
      return Self.reason(bytes, low)
    }
  }

  private static func start(_ index: Int) -> Int {
    DropListWriter.headerSize + index * DropListWriter.entrySize
  }

  private static func ordinal(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int {
    Int(
      clamping: UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: start(index), as: UInt64.self)))
  }

  private static func reason(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> DropReason? {
    func load<T: FixedWidthInteger>(_ offset: Int, _: T.Type) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: start(index) + offset, as: T.self))
    }
    guard let rule = QualityRule(rawValue: UInt8(clamping: load(8, UInt32.self))) else {
      return nil
    }
    let item = Int(load(12, UInt32.self))
    let value = Double(bitPattern: load(16, UInt64.self))
    guard rule == .exactDuplicate || rule == .nearDuplicate, item > 0 else {
      return DropReason(rule, value: value, item: item)
    }
    let place = DocumentPlace(input: item - 1, byte: Int(clamping: load(24, UInt64.self)))
    return DropReason(rule, value: value, original: place)
  }

  private static func check(
    _ file: MappedFile, _ path: String
  ) throws(DSXError) -> (documents: Int, count: Int) {
    try file.withBytes { (bytes) throws(DSXError) -> (documents: Int, count: Int) in
      func corrupt(_ what: String) -> DSXError {
        DSXError(
          .corrupt, "the list of dropped documents is damaged: \(what)", file: path,
          hint: "remove it and run the same command again")
      }
      let (header, footer) = (DropListWriter.headerSize, DropListWriter.footerSize)
      guard bytes.count >= header + footer, bytes.prefix(8).elementsEqual(DropListWriter.magic),
        bytes.suffix(4).elementsEqual(DropListWriter.endMagic)
      else { throw corrupt("it does not begin and end as one") }
      var start = ByteReader(bytes)
      _ = try start.take(8)
      guard try start.little(UInt32.self) == DropListWriter.version else {
        throw corrupt("its version is unknown")
      }
      let body = bytes.count - footer
      var end = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[body...]), base: body)
      let documents = Int(exactly: try end.little(UInt64.self)) ?? -1
      let count = Int(exactly: try end.little(UInt64.self)) ?? -1
      guard dsx_crc32c(0, bytes.baseAddress, bytes.count - 8) == (try end.little(UInt32.self))
      else {
        throw corrupt("its checksum is wrong")
      }
      guard count >= 0, (body - header) % DropListWriter.entrySize == 0,
        (body - header) / DropListWriter.entrySize == count, documents >= count
      else { throw corrupt("its size does not fit its number of entries") }
      var last = -1
      for index in 0..<count {
        let ordinal = ordinal(bytes, index)
        guard ordinal > last, ordinal < documents, reason(bytes, index) != nil else {
          throw corrupt("entry \(index) is out of order or has an unknown rule")
        }
        last = ordinal
      }
      return (documents, count)
    }
  }
}
