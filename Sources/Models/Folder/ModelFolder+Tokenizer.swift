internal import DSXCore
internal import Text

extension ModelFolder {
  /// The tokenizer that the configuration names, else `tokenizer.json`, else the older two files.
  static func tokenizer(_ description: ModelDescription) throws(DSXError) -> any Tokenizer {
    if let gguf = description.gguf,
      description.path == description.source || !FilePath.exists(description.file("tokenizer.json"))
    {
      if let tokenizer = try gguf.tokenizer() { return tokenizer }
      throw DSXError(
        .missingFile, "the file holds no tokenizer", file: description.source,
        hint: "put it into a folder with a tokenizer.json")
    }
    if PanGu.types.contains(description.architecture) { return try PanGu.tokenizer(description) }
    let folder = description.folder
    var name = "tokenizer.json"
    if let value = description.preprocessor["tokenizer"], !value.isNull {
      guard let text = value.string, FilePath.isPlainName(text) else {
        throw DSXError(
          .malformed,
          "'preprocessor.tokenizer' must name a file of this folder, not \(value.text())",
          file: FilePath.join(folder, "configuration.json"))
      }
      name = text
    } else if !FilePath.exists(FilePath.join(folder, name)) {
      name = "vocab.json"
    }
    let path = FilePath.join(folder, name)
    switch name {
    case "vocab.json": return try older(description, path)
    case _ where name.hasSuffix(".json"):
      let tokenizer = try HuggingFaceTokenizer(tokenizerJSON: path)
      if let wanted = description.tokenizer["add_prefix_space"]?.bool,
        wanted != tokenizer.addsPrefixSpace
      {
        throw DSXError(
          .corrupt,
          "add_prefix_space is \(tokenizer.addsPrefixSpace), but \(wanted) in "
            + "tokenizer_config.json", file: path, hint: "make the two files agree")
      }
      return tokenizer
    default:
      throw DSXError(
        .unsupported, "the tokenizer file '\(name)' is not supported", file: path,
        hint: "models take tokenizer.json, or vocab.json with merges.txt")
    }
  }

  private static func older(_ description: ModelDescription, _ path: String) throws(DSXError)
    -> any Tokenizer
  {
    guard FilePath.exists(path) else {
      throw DSXError(
        .missingFile, "the model's tokenizer is missing", file: path,
        hint: "put tokenizer.json, or vocab.json and merges.txt, into the folder")
    }
    let names = ["bos_token", "eos_token", "unk_token", "pad_token"]
    return try HuggingFaceTokenizer(
      vocabulary: path, merges: FilePath.join(description.folder, "merges.txt"),
      special: ["<|endoftext|>"] + names.compactMap { description.special($0) },
      addsPrefixSpace: description.tokenizer["add_prefix_space"]?.bool ?? false)
  }
}
