public import DSXCore

/// The ids that end a text of a model folder.
enum EndOfText {
  /// As transformers finds them: `eos_token_id` of `generation_config.json`, which may be a list, else of
  /// `config.json`, else the one that the folder was opened with. A PanGu-alpha also ends at the padding
  /// id, which ends the documents that it was trained on, and which it cannot go on behind.
  static func ids(of loaded: LoadedModel) throws(DSXError) -> [Int32] {
    let ids = try namedIDs(of: loaded)
    guard let padding = (loaded.model as? PanGuModel)?.padding, !ids.contains(padding) else {
      return ids
    }
    return ids + [padding]
  }

  private static func namedIDs(of loaded: LoadedModel) throws(DSXError) -> [Int32] {
    let fallback = loaded.eosID.map { [$0] } ?? []
    guard FilePath.isFolder(loaded.folder) else { return fallback }
    for name in ["generation_config.json", "config.json"] {
      let path = FilePath.join(loaded.folder, name)
      guard FilePath.exists(path) else { continue }
      let value = try JSONParser.parse(file: path)["eos_token_id"] ?? .null
      if value.isNull { continue }
      return try ids(value, below: loaded.model.info.vocabularySize, path)
    }
    return fallback
  }

  private static func ids(_ value: JSONValue, below limit: Int, _ path: String) throws(DSXError)
    -> [Int32]
  {
    var ids: [Int32] = []
    for part in value.array ?? [value] {
      guard let number = part.int, number >= 0, number < limit, let id = Int32(exactly: number)
      else {
        throw DSXError(
          .malformed, "'eos_token_id' is \(value.text()), outside the vocabulary of \(limit)",
          file: path)
      }
      if !ids.contains(id) { ids.append(id) }
    }
    return ids
  }
}

extension LoadedModel {
  /// The ids that end a text: `eos_token_id` of `generation_config.json` or `config.json`, which may be a
  /// list. Throws `malformed` for ids outside of the vocabulary.
  public func endOfTextIDs() throws(DSXError) -> [Int32] { try EndOfText.ids(of: self) }
}
