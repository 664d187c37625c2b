internal import DSXCore

/// A model as it lies on the disk, before anything is computed: what its files say, and its weights.
struct ModelSource: Sendable {
  /// What the JSON files or the GGUF metadata say.
  let description: ModelDescription
  /// The tensors.
  let store: TensorStore

  /// Reads the description and maps the weights of a model folder, or of one GGUF file.
  ///
  /// Throws as `ModelDescription` and `TensorStore` do.
  init(path: String) throws(DSXError) {
    description = try ModelDescription(path: path)
    store = try TensorStore(path: path)
  }

  init(description: ModelDescription, store: TensorStore) {
    self.description = description
    self.store = store
  }

  /// The name in reports: the folder's, or the file's without its ending.
  var name: String { description.name }

  /// The hyper-parameters by their names in `config.json`; of a GGUF file its metadata, by the names
  /// that it has there.
  var hyperparameters: JSONValue { description.hyperparameters }
}
