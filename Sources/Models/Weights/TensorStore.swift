public import DSXCore
internal import Kernels

/// All tensors of a model by name, from one safetensors file or from several shards.
public struct TensorStore: Sendable {
  /// The files, in the order of their names.
  public let files: [SafetensorsFile]
  private let places: [String: (file: Int, entry: SafetensorsFile.Entry)]

  /// Opens `model.safetensors`, or the shards of `model.safetensors.index.json`, in a folder.
  ///
  /// Throws `missingFile` when there is neither, or when a shard is missing; `corrupt` when the index
  /// and the shards disagree.
  public init(folder: String) throws(DSXError) {
    let single = FilePath.join(folder, "model.safetensors")
    let index = FilePath.join(folder, "model.safetensors.index.json")
    if FilePath.exists(single) {
      try self.init(files: [single])
    } else if FilePath.exists(index) {
      try self.init(index: index)
    } else {
      throw DSXError(
        .missingFile, "the model's weights are missing: model.safetensors is not there",
        file: single, hint: Self.hint(folder))
    }
  }

  private static func hint(_ folder: String) -> String {
    let names = (try? FilePath.list(folder)) ?? []
    let foreign = names.filter { name in
      [".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".npz", ".gguf", ".onnx"]
        .contains { name.hasSuffix($0) }
    }
    return foreign.isEmpty
      ? "put model.safetensors (or model.safetensors.index.json with its shards) into the folder"
      : "dsx reads safetensors; convert \(foreign.joined(separator: ", ")) first"
  }

  /// Opens files that together hold a model; a name in two of them is an error.
  public init(files paths: [String]) throws(DSXError) {
    var files: [SafetensorsFile] = []
    for path in paths { files.append(try SafetensorsFile(path: path)) }
    var places: [String: (file: Int, entry: SafetensorsFile.Entry)] = [:]
    for (number, file) in files.enumerated() {
      for entry in file.entries {
        if let other = places.updateValue((number, entry), forKey: entry.name) {
          throw DSXError(
            .corrupt, "the tensor '\(entry.name)' is also in \(files[other.file].file.path)",
            file: file.file.path, byte: entry.bytes.lowerBound)
        }
      }
    }
    self.files = files
    self.places = places
  }

  private init(index path: String) throws(DSXError) {
    let root = try JSONParser.parse(file: path, required: true)
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
    let names = Set(wanted.values).sorted()
    for name in names where !FilePath.exists(FilePath.join(folder, name)) {
      throw DSXError(
        .missingFile, "the weights' part '\(name)' is missing (\(names.count) parts are named)",
        file: path, hint: "fetch \(FilePath.join(folder, name))")
    }
    try self.init(files: names.map { FilePath.join(folder, $0) })
    for member in map {
      guard let name = wanted[member.name] else { continue }
      guard let place = places[member.name],
        FilePath.split(files[place.file].file.path).name == name
      else {
        throw DSXError(
          .corrupt,
          "the index says that '\(name)' holds the tensor '\(member.name)', but it does not",
          file: path)
      }
    }
    for entry in files.flatMap(\.entries) where wanted[entry.name] == nil {
      throw DSXError(
        .corrupt, "the weights hold the tensor '\(entry.name)', which the index does not name",
        file: path)
    }
  }

  /// All names, sorted by their UTF-8.
  public var names: [String] {
    places.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Where a tensor lies, or nil.
  public func entry(_ name: String) -> SafetensorsFile.Entry? { places[name]?.entry }

  /// A tensor as float32.
  ///
  /// - Parameter shape: the shape that the configuration asks for; nil takes any.
  /// Throws `corrupt` when it is not there or has another shape.
  public func floats(_ name: String, shape: [Int]? = nil) throws(DSXError) -> FloatTensor {
    guard let place = places[name] else {
      throw DSXError(
        .corrupt, "the weights lack the tensor '\(name)'" + (shape.map { " of shape \($0)" } ?? ""),
        file: files.first?.file.path, hint: "the weights do not belong to this configuration")
    }
    if let shape, shape != place.entry.shape {
      throw DSXError(
        .corrupt,
        "the tensor '\(name)' has the shape \(place.entry.shape), but the configuration asks for "
          + "\(shape)", file: files[place.file].file.path, byte: place.entry.bytes.lowerBound,
        hint: "the weights do not belong to this configuration")
    }
    return try FloatTensor(place.entry, in: files[place.file])
  }

  /// The element type of the weights: `f16`, or `f16+f32` where they are mixed.
  public func storedType(of names: [String]) -> String {
    Set(names.compactMap { places[$0]?.entry.type.shortName }).sorted().joined(separator: "+")
  }

  /// SHA-256 of the one file; of several, SHA-256 of the lines `digest  name` in order of names.
  public func fingerprint() -> String {
    let digests = files.map { file in
      var hash = SHA256(blocks: dsx_sha256_blocks)
      hash.update(file.file.bytes)
      return (hash.hexDigest(), FilePath.split(file.file.path).name)
    }
    if digests.count == 1 { return digests[0].0 }
    return SHA256.hex(digests.map { "\($0.0)  \($0.1)\n" }.joined())
  }
}
