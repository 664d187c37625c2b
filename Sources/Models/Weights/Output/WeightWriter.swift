public import DSXCore

/// Writes weight files: safetensors, MindSpore's `.ckpt`, `.npz`.
///
/// The same tensors give the same bytes, whatever file they came from: tensors are sorted, and no times
/// or names of machines are written. A file appears under its name only when it is whole, was flushed to
/// disk and was read back.
public enum WeightWriter {
  /// The formats that can be written.
  public static let formats: [WeightFormat] = [.safetensors, .checkpoint, .npz]

  /// The format that a file's name asks for, or nil.
  public static func format(ofName path: String) -> WeightFormat? {
    let name = FilePath.split(path).name.lowercased()
    return formats.first { name.hasSuffix("." + $0.rawValue) }
  }

  /// Writes all tensors into one file. Memory: one tensor and the description of all.
  ///
  /// - Parameter metadata: texts for safetensors' `__metadata__`; the other formats have no place for
  ///   them.
  /// Throws `usage` for two tensors of one name, `outputExists` when the file is there and may not be
  /// replaced, `unsupported` for what the format cannot hold, `io`.
  public static func write(
    _ tensors: [OutputTensor], metadata: [(name: String, value: String)] = [],
    as format: WeightFormat, to path: String, overwrite: Bool = false
  ) throws(DSXError) {
    guard overwrite || !FilePath.exists(path) else {
      throw DSXError(
        .outputExists, "the output is there already", file: path, hint: "add --overwrite")
    }
    var names = Set<String>()
    for tensor in tensors where !names.insert(tensor.name).inserted {
      throw DSXError(
        .usage, "two tensors would have the name '\(tensor.name)'", file: path,
        hint: "the map of names gives one name twice")
    }
    let folder = try AtomicFolder(target: path)
    let name = FilePath.split(path).name
    do throws(DSXError) {
      try writeFile(tensors, metadata: metadata, as: format, to: folder.path(name))
      try folder.publish([name])
    } catch {
      folder.discard()
      throw error.inFile(path).shortened
    }
  }

  /// Writes a file that nobody looks at yet, and reads back what describes its tensors.
  static func writeFile(
    _ tensors: [OutputTensor], metadata: [(name: String, value: String)] = [],
    as format: WeightFormat, to path: String
  ) throws(DSXError) {
    var output = try WeightOutput(path: path)
    switch format {
    case .safetensors: try SafetensorsWriter.write(tensors, metadata, to: &output)
    case .checkpoint: try CheckpointWriter.write(tensors, to: &output)
    case .npz: try NumPyWriter.write(tensors, to: &output)
    default:
      throw DSXError(
        .usage, "weights are not written as \(format.rawValue)",
        hint: "known: " + formats.map(\.rawValue).joined(separator: ", "))
    }
    try output.finish()
    let written = try read(path)
    let found = written.tensors.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    let isSame = zip(found, sorted(tensors)).allSatisfy { entry, tensor in
      entry.name.utf8.elementsEqual(tensor.name.utf8) && entry.type == tensor.type
        && entry.shape == tensor.shape
    }
    guard written.format == format, found.count == tensors.count, isSame else {
      throw DSXError(.internal, "the written file does not read as it was written", file: path)
    }
  }

  /// What was written. A name that a zip archive cannot hold is found here.
  private static func read(_ path: String) throws(DSXError) -> WeightFile {
    do throws(DSXError) { return try WeightFile(path: path) } catch {
      guard error.code == .unsafeArchive || error.code == .archiveLimit else { throw error }
      throw DSXError(
        .unsupported, "no .npz file can hold such a name of a tensor: " + error.message,
        hint: "write .safetensors, or rename the tensor (dsx weights convert --map)")
    }
  }

  /// Tensors in the order of their names' UTF-8.
  static func sorted(_ tensors: [OutputTensor]) -> [OutputTensor] {
    tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
