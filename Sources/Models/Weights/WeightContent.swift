internal import DSXCore

/// What a reader finds in a file.
struct WeightContent {
  var tensors: [TensorEntry] = []
  var metadata: [JSONValue.Member] = []
  var gguf: GGUFMetadata?
}
