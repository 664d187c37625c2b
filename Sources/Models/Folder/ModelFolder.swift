public import DSXCore

/// A folder with a model: `configuration.json` (ModelScope) and/or `config.json` (Hugging Face),
/// a tokenizer and safetensors weights.
public struct ModelFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Loads everything that is needed to score text.
  ///
  /// Throws `missingFile`, `malformed`, `corrupt` or `unsupported` (exit code 3) with the file, the
  /// tensor and the byte offset.
  public static func open(_ path: String) throws(DSXError) -> LoadedModel {
    throw DSXError(.internal, "not built yet")
  }
}
