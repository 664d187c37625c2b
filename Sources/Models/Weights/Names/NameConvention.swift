/// Whose names the tensors of a model have.
public enum NameConvention: String, Sendable, CaseIterable {
  /// transformers' state_dict.
  case huggingFace = "hf"
  /// MindFormers' checkpoints.
  case mindFormers = "mindformers"
  /// llama.cpp's GGUF files (read only).
  case gguf
}
