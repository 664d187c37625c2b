internal import DSXCore

/// The formats of weight files.
public enum WeightFormat: String, Sendable, CaseIterable {
  /// safetensors.
  case safetensors
  /// MindSpore's protobuf checkpoint.
  case checkpoint = "ckpt"
  /// One numpy array.
  case npy
  /// A zip archive of numpy arrays.
  case npz
  /// torch.save since 1.6: a zip archive.
  case torch
  /// torch.save before 1.6: several pickles and raw data.
  case torchLegacy = "torch-legacy"
  /// llama.cpp's format.
  case gguf

  /// The format of a file, by its first bytes; where those say nothing, by the end of its name.
  ///
  /// Throws `malformed` for what is none of them.
  static func of(_ file: MappedFile) throws(DSXError) -> WeightFormat {
    let name = FilePath.split(file.path).name.lowercased()
    if name.hasSuffix(".safetensors") { return .safetensors }
    let bytes = file.bytes
    if bytes.starts(with: GGUFReader.magic) || bytes.starts(with: GGUFReader.magic.reversed()) {
      return .gguf
    }
    if bytes.starts(with: NpyHeader.magic) { return .npy }
    if bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6]) {
      return name.hasSuffix(".npz") ? .npz : .torch
    }
    if TorchLegacyReader.start(bytes) != nil { return .torchLegacy }
    for (ending, format) in [
      (".ckpt", checkpoint), (".npy", npy), (".npz", npz), (".gguf", gguf),
    ] where name.hasSuffix(ending) {
      return format
    }
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return .safetensors }
    if bytes.first == 0x0a { return .checkpoint }
    let isPickle = bytes.count > 2 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
    throw DSXError(
      .malformed,
      isPickle
        ? "the file is a plain pickle, not what torch.save writes"
        : "the file is no weight file that dsx knows", file: file.path, byte: 0,
      hint: "known: safetensors, MindSpore .ckpt, .npy, .npz, torch.save's files, GGUF")
  }
}
