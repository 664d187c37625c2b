public import DSXCore

/// One file of named tensors in any of the formats, mapped and checked as a whole.
///
/// Nothing is read but what describes the tensors; their data stays in the mapping until it is asked
/// for. Zip members and .ckpt trailers with a checksum are compared with it (one pass over the file).
public struct WeightFile: Sendable {
  /// Its format.
  public let format: WeightFormat
  /// The mapped file.
  public let file: MappedFile
  /// The tensors in the order of their data.
  public let tensors: [TensorEntry]
  /// What else the file states, by name: safetensors' `__metadata__`, scalars and texts of checkpoints,
  /// GGUF's keys (arrays as `array of 3 int32`).
  public let metadata: [JSONValue.Member]
  /// The typed metadata of a GGUF file, nil for other formats.
  public let gguf: GGUFMetadata?

  /// Maps and checks a file; its first bytes say which format it has, its name where they do not.
  ///
  /// Throws `missingFile`, `malformed`, `corrupt` (truncated, overlapping, wrong sizes) or
  /// `unsupported` (a type or symbol that is not known), with the tensor's name and byte offset; `io`.
  public init(path: String) throws(DSXError) {
    let file = try MappedFile(path: path)
    let format = try WeightFormat.of(file)
    do throws(DSXError) {
      let content = try Self.read(file, format)
      try Self.check(content.tensors, file)
      tensors = content.tensors
      metadata = content.metadata
      gguf = content.gguf
    } catch { throw error.inFile(path).shortened }
    self.file = file
    self.format = format
  }

  /// The elements of one of its tensors, as they are stored.
  public func bytes(of entry: TensorEntry) throws(DSXError) -> TensorBytes {
    try TensorBytes(entry, in: file)
  }

  private static func read(_ file: MappedFile, _ format: WeightFormat) throws(DSXError)
    -> WeightContent
  {
    switch format {
    case .safetensors: try SafetensorsReader.read(file.bytes)
    case .checkpoint: try CheckpointReader.read(file.bytes)
    case .npy: try NumPyReader.readArray(file)
    case .npz: try NumPyReader.readArchive(file)
    case .torch: try TorchZipReader.read(file)
    case .torchLegacy: try TorchLegacyReader.read(file.bytes)
    case .gguf: try GGUFReader.read(file)
    }
  }

  /// What must hold whatever reader made the entries.
  private static func check(_ tensors: [TensorEntry], _ file: MappedFile) throws(DSXError) {
    var names = Set<String>()
    for entry in tensors {
      let (isNew, other) = names.insert(entry.name)
      guard isNew else {
        throw other.utf8.elementsEqual(entry.name.utf8)
          ? DSXError(.corrupt, "the tensor '\(entry.name)' is there twice", byte: entry.offset)
          : DSXError(
            .unsupported,
            "the name '\(entry.name)' is there in two Unicode normalisations", byte: entry.offset,
            hint: "rename one of the two tensors")
      }
      let (pieces, limit): ([Range<Int>], Int) =
        switch entry.place.source {
        case .mapped(let pieces): (pieces, file.bytes.count)
        case .packed(let member, let range): ([range], member.size)
        }
      let inside = pieces.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= limit }
      let bytes = pieces.reduce(0) { $0 + $1.count }
      let wanted: Int? =
        entry.place.strides.map {
          TensorShape.span(entry.shape, strides: $0).flatMap(entry.type.byteCount)
        } ?? entry.byteCount
      guard inside, bytes == wanted else {
        throw DSXError(
          .corrupt,
          "the tensor '\(entry.name)' of shape \(entry.shape) and type \(entry.type.rawValue) "
            + "needs \(entry.byteCount) bytes, but \(bytes) are there", byte: entry.offset)
      }
    }
  }
}
