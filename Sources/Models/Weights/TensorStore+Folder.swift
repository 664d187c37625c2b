public import DSXCore

/// Finds the weights of a model folder. The first row of this table with a file in the folder is
/// taken:
///
/// | file | format |
/// | --- | --- |
/// | `model.safetensors` | safetensors |
/// | `model.safetensors.index.json` | names the shards |
/// | `pytorch_model.bin` | torch |
/// | `pytorch_model.bin.index.json` | names the shards |
/// | `*.ckpt` | MindSpore, or torch under that name |
/// | `*.npz` | numpy |
/// | `*.gguf` | GGUF |
/// | `*.pt`, `*.pth` | torch |
/// | `head.safetensors` | a head whose encoder lies elsewhere |
///
/// Two files that match one pattern are an error that lists them: which one is meant cannot be known.
extension TensorStore {
  /// Opens the weights of a folder, or a single weight file.
  public init(path: String) throws(DSXError) {
    if FilePath.isFolder(path) {
      try self.init(folder: path)
    } else if path.hasSuffix(".index.json") {
      try self.init(index: path)
    } else {
      try self.init(files: [path])
    }
  }

  /// Opens the weights in a folder.
  ///
  /// Throws `missingFile` when there are none, or when a shard is missing; `malformed` when it is not
  /// clear which file is meant; `corrupt` when an index and its shards disagree.
  public init(folder: String) throws(DSXError) {
    guard let found = try Self.weights(in: folder) else {
      throw DSXError(
        .missingFile, "the model's weights are missing: model.safetensors is not there",
        file: FilePath.join(folder, "model.safetensors"), hint: try Self.hint(folder))
    }
    if found.hasSuffix(".index.json") {
      try self.init(index: found)
    } else {
      try self.init(files: [found])
    }
  }

  /// The file that `init(folder:)` opens, or nil.
  public static func weights(in folder: String) throws(DSXError) -> String? {
    let names = try FilePath.list(folder)
    for name in [
      "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
      "pytorch_model.bin.index.json",
    ] where names.contains(name) {
      return FilePath.join(folder, name)
    }
    for endings in [[".ckpt"], [".npz"], [".gguf"], [".pt", ".pth"]] {
      let matches = names.filter { name in endings.contains { name.hasSuffix($0) } }
      guard matches.count < 2 else {
        throw DSXError(
          .malformed,
          "the folder holds several weight files: " + matches.joined(separator: ", "),
          file: folder,
          hint: "leave one of them there, or merge them into model.safetensors")
      }
      if let match = matches.first { return FilePath.join(folder, match) }
    }
    if names.contains("head.safetensors") { return FilePath.join(folder, "head.safetensors") }
    return nil
  }

  private static func hint(_ folder: String) throws(DSXError) -> String {
    let foreign = try FilePath.list(folder).filter { name in
      [".bin", ".h5", ".msgpack", ".onnx", ".npy", ".safetensors"].contains { name.hasSuffix($0) }
    }
    let known =
      "put model.safetensors (or pytorch_model.bin, a .ckpt, .npz or .gguf file) into the folder"
    return foreign.isEmpty
      ? known : known + "; not taken by their names: " + foreign.joined(separator: ", ")
  }

  /// Opens the shards that an index names (`weight_map`: tensor to file name). Both must agree.
  public init(index path: String) throws(DSXError) {
    let root = try JSONParser.parse(file: path)
    guard let map = root["weight_map"]?.object, !map.isEmpty else {
      throw DSXError(.malformed, "the index has no 'weight_map'", file: path)
    }
    let folder = FilePath.split(path).folder
    var wanted: [String: String] = [:]
    for member in map {
      guard let name = member.value.string, FilePath.isPlainName(name) else {
        throw DSXError(
          .malformed,
          "the index puts '\(member.name)' into \(member.value.text()), which is no file name",
          file: path)
      }
      wanted[member.name] = name
    }
    let names = Set(wanted.values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for name in names where !FilePath.exists(FilePath.join(folder, name)) {
      throw DSXError(
        .missingFile, "the weights' part '\(name)' is missing (\(names.count) parts are named)",
        file: path, hint: "fetch \(FilePath.join(folder, name))")
    }
    try self.init(files: names.map { FilePath.join(folder, $0) })
    for member in map {
      guard let name = wanted[member.name] else { continue }
      guard let file = file(of: member.name), FilePath.split(file.file.path).name == name else {
        throw DSXError(
          .corrupt,
          "the index says that '\(name)' holds the tensor '\(member.name)', but it does not",
          file: path)
      }
    }
    for entry in files.flatMap(\.tensors) where wanted[entry.name] == nil {
      throw DSXError(
        .corrupt, "the weights hold the tensor '\(entry.name)', which the index does not name",
        file: path)
    }
  }
}
