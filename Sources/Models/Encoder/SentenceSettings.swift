internal import DSXCore

/// What `config_sentence_transformers.json` says: the text that goes before every text, how many numbers of a
/// vector count, and how vectors are compared.
struct SentenceSettings: Sendable {
  /// The text of `prompts` that `default_prompt_name` names; empty for none.
  private(set) var prompt = ""
  /// `truncate_dim`.
  private(set) var truncates: Int?
  /// `similarity_fn_name`.
  private(set) var similarity = VectorSimilarity.cosine

  /// Those of a folder; the defaults where it has no such file.
  init(folder: String) throws(DSXError) {
    let path = FilePath.join(folder, "config_sentence_transformers.json")
    guard FilePath.exists(path) else { return }
    let reader = ConfigurationReader(try JSONParser.parse(file: path))
    do throws(DSXError) { try read(reader) } catch { throw error.inFile(path) }
  }

  private mutating func read(_ reader: ConfigurationReader) throws(DSXError) {
    if let type = reader["model_type"], type != "SentenceTransformer" {
      throw DSXError(
        .unsupported, "the 'model_type' \(type.text()) is not supported",
        hint: "known: SentenceTransformer")
    }
    if let named = reader["default_prompt_name"] {
      guard let name = named.string, let text = reader["prompts"]?[name]?.string else {
        throw DSXError(
          .malformed, "'default_prompt_name' is \(named.text()), which 'prompts' does not have",
          hint: "put the text into 'prompts', or leave 'default_prompt_name' out")
      }
      prompt = text
    }
    if reader["truncate_dim"] != nil { truncates = try reader.size("truncate_dim") }
    if let named = reader["similarity_fn_name"] {
      guard let function = named.string.flatMap(VectorSimilarity.init(rawValue:)) else {
        throw DSXError(
          .unsupported, "the 'similarity_fn_name' \(named.text()) is not supported",
          hint: "known: " + VectorSimilarity.allCases.map(\.rawValue).joined(separator: ", "))
      }
      similarity = function
    }
  }

  /// The input with the prompt before it.
  func prompted(_ input: TextInput) -> TextInput {
    prompt.isEmpty ? input : TextInput(prompt + input.text, pair: input.pair)
  }
}
