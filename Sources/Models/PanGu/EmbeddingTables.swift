internal import DSXCore

/// The three tables of a PanGu-alpha, which lie in the checkpoint or beside it as `.npy` files.
struct EmbeddingTables {
  private let folder: String
  /// The `.npy` files that were used.
  private var files: [TensorStore] = []

  init(_ source: ModelSource) { folder = source.description.folder }

  /// A table of the checkpoint, else of the file. Throws `corrupt` when it is in neither place.
  mutating func load(
    _ name: String, _ file: String, _ shape: [Int], _ loader: inout WeightLoader
  ) throws(DSXError) -> UnsafePointer<Float> {
    let path = FilePath.join(folder, file)
    guard !loader.has(name), FilePath.exists(path) else { return try loader.tensor(name, shape) }
    let store = try TensorStore(files: [path])
    guard let only = store.names.first else {
      throw DSXError(.corrupt, "the file holds no array", file: path)
    }
    let tensor = try store.floats(only, shape: shape)
    guard let pointer = tensor.elements.baseAddress else {
      throw DSXError(.corrupt, "the array is empty", file: path)
    }
    loader.memory.tensors.append((loader.prefix + name, tensor))
    files.append(store)
    return pointer
  }

  /// The checkpoint's fingerprint; with files, that of all of them together.
  func fingerprint(_ store: TensorStore) -> String {
    guard !files.isEmpty, store.survey == nil else { return store.fingerprint() }
    return SHA256.hex(([store] + files).map { $0.fingerprint() }.joined(separator: "\n"))
  }
}
