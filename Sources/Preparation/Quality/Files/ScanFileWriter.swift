public import DSXCore

/// Writes the notes of one shard in document order; see `ScanFileLayout` for the bytes.
///
/// Holds one block of 4096 documents. Nothing is atomic: the caller writes to a temporary name.
public struct ScanFileWriter: ~Copyable {
  private let layout: ScanFileLayout
  private var file: BufferedFile
  private var notes: [DocumentNote] = []
  private var places: [DocumentPlace] = []
  private var documents = 0

  /// Creates the file.
  public init(path: String, stage: QualityStage) throws(DSXError) {
    let layout = ScanFileLayout(stage.options, identity: stage.identity)
    self.layout = layout
    var header = ScanFileLayout.magic
    header.appendLittle(ScanFileLayout.version)
    header.appendLittle(UInt32(layout.buckets))
    header.appendLittle(UInt32(layout.signature))
    header.appendLittle(UInt32(layout.hashes ? 1 : 0))
    header.appendLittle(UInt32(layout.blockDocuments))
    header.appendLittle(UInt32(0))
    header.append(contentsOf: Array(layout.identity.utf8).prefix(32))
    header.append(contentsOf: repeatElement(0, count: ScanFileLayout.headerSize - header.count))
    file = try BufferedFile(path: path, header: header)
  }

  /// Adds the next document of the shard: its ordinal is the number of calls before this one.
  public mutating func append(_ note: DocumentNote, place: DocumentPlace) throws(DSXError) {
    guard note.bands.count == layout.buckets, note.signature.count == layout.signature else {
      throw DSXError(.internal, "a note of another quality stage reached a scan file")
    }
    notes.append(note)
    places.append(place)
    documents += 1
    if notes.count == layout.blockDocuments { try writeBlock() }
  }

  /// Writes the rest and flushes to disk.
  public mutating func finish() throws(DSXError) {
    try writeBlock()
    var footer: [UInt8] = []
    footer.appendLittle(UInt64(documents))
    footer.appendLittle(file.checksum)
    footer.appendLittle(UInt32(0))
    footer.append(contentsOf: ScanFileLayout.endMagic)
    try file.append(footer)
    try file.finish()
  }

  private mutating func writeBlock() throws(DSXError) {
    guard !notes.isEmpty else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(layout.columns(notes.count).size)
    for note in notes { bytes.append(note.drop?.rule.rawValue ?? 0) }
    bytes.padToEight()
    for note in notes { bytes.appendLittle((note.drop?.value ?? 0).bitPattern) }
    for note in notes { bytes.appendLittle(UInt32(clamping: note.drop?.item ?? 0)) }
    bytes.padToEight()
    for place in places { bytes.appendLittle(UInt32(clamping: place.input)) }
    bytes.padToEight()
    for place in places { bytes.appendLittle(UInt64(clamping: place.byte)) }
    if layout.hashes {
      for note in notes {
        bytes.appendLittle(note.hash.x)
        bytes.appendLittle(note.hash.y)
      }
    }
    for band in 0..<layout.buckets {
      for note in notes { bytes.appendLittle(note.bands[band]) }
    }
    if layout.signature > 0 {
      for note in notes { for value in note.signature { bytes.appendLittle(value) } }
      bytes.padToEight()
    }
    try file.append(bytes)
    notes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }
}
