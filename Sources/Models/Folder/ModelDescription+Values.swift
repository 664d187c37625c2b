internal import DSXCore

extension ModelDescription {
  /// An id that the configuration names, or nil. A list counts as its first id.
  func tokenID(_ name: String, below limit: Int) throws(DSXError) -> Int32? {
    guard var value = hyperparameters[name], !value.isNull else { return nil }
    if let first = value.array?.first { value = first }
    guard case .int(let number) = value, number >= 0, number < Int64(limit),
      let id = Int32(exactly: number)
    else {
      throw DSXError(
        .malformed, "'\(name)' is \(value.text()), outside the vocabulary of \(limit)",
        file: source)
    }
    return id
  }

  /// A special token's spelling in `tokenizer_config.json`: a string, or an object with `content`.
  func special(_ name: String) -> String? {
    tokenizer[name]?.string ?? tokenizer[name]?["content"]?.string
  }

  /// The preprocessor's field for evaluation: ModelScope lets `val` state what differs from training.
  func preprocessorField(_ name: String) -> JSONValue? {
    for part in [preprocessor["val"], preprocessor] {
      if let value = part?[name], !value.isNull { return value }
    }
    return nil
  }

  /// The most ids that an input may have, as the preprocessor says (`max_length`, or ModelScope's older
  /// `sequence_length`); nil where it says nothing.
  ///
  /// Throws `malformed` for anything but a whole number of at least `least`.
  func maximumLength(at least: Int) throws(DSXError) -> Int? {
    for name in ["max_length", "sequence_length"] {
      guard let value = preprocessorField(name) else { continue }
      guard let length = value.int, length >= least else {
        throw DSXError(
          .malformed,
          "'\(name)' must be a whole number of at least \(least), not \(value.text())",
          file: file("configuration.json"))
      }
      return length
    }
    return nil
  }

  /// The labels in the order of the logits, or nil where no file names them.
  ///
  /// The files are asked in ModelScope's order (`parse_label_mapping`): `label_mapping.json`,
  /// `configuration.json` (`model.label2id`, `model.id2label`, the same of `preprocessor`), then
  /// `config.json` (`id2label`, `label2id`; contradictions are errors).
  /// Throws `malformed` unless the ids are 0, 1, 2 and so on, each once.
  func labels() throws(DSXError) -> [String]? {
    let path = file("label_mapping.json")
    if gguf == nil, FilePath.exists(path) {
      return try Self.labels(byName: try JSONParser.parse(file: path), path)
    }
    let scopeFile = file("configuration.json")
    for (part, file) in [
      (scope["model"], scopeFile), (scope["preprocessor"]?["val"], scopeFile),
      (scope["preprocessor"], scopeFile),
    ] {
      if let table = part?["label2id"], !table.isNull {
        return try Self.labels(byName: table, file)
      }
      if let table = part?["id2label"], !table.isNull { return try Self.labels(byID: table, file) }
    }
    return try ownLabels()
  }

  /// The labels of `config.json`: transformers takes those of `id2label`, and leaves `label2id` as it was made
  /// (`LABEL_0` and so on) where only the other was changed.
  private func ownLabels() throws(DSXError) -> [String]? {
    func table(_ name: String) -> JSONValue? {
      hyperparameters[name].flatMap { $0.isNull ? nil : $0 }
    }
    guard let byID = table("id2label") else {
      return try table("label2id").map { (table) throws(DSXError) in
        try Self.labels(byName: table, source)
      }
    }
    let labels = try Self.labels(byID: byID, source)
    guard let byName = table("label2id") else { return labels }
    let others = try Self.labels(byName: byName, source)
    guard others == labels || others == others.indices.map({ "LABEL_\($0)" }) else {
      throw DSXError(
        .malformed, "'id2label' and 'label2id' name the labels in different ways", file: source,
        hint: "transformers takes 'id2label', ModelScope 'label2id': make them agree")
    }
    return labels
  }

  private static func labels(byName table: JSONValue, _ file: String) throws(DSXError) -> [String] {
    guard let members = table.object else { throw unusable("label2id", table, file) }
    var pairs: [(Int, String)] = []
    for member in members {
      guard let id = member.value.int else { throw unusable("label2id", member.value, file) }
      pairs.append((id, member.name))
    }
    return try ordered(pairs, file)
  }

  private static func labels(byID table: JSONValue, _ file: String) throws(DSXError) -> [String] {
    var pairs: [(Int, String)] = []
    if let list = table.array {
      for (id, value) in list.enumerated() {
        guard let name = value.string else { throw unusable("id2label", value, file) }
        pairs.append((id, name))
      }
    } else {
      guard let members = table.object else { throw unusable("id2label", table, file) }
      for member in members {
        guard let id = Int(member.name), let name = member.value.string else {
          throw unusable("id2label", .string(member.name), file)
        }
        pairs.append((id, name))
      }
    }
    return try ordered(pairs, file)
  }

  private static func unusable(_ name: String, _ value: JSONValue, _ file: String) -> DSXError {
    DSXError(
      .malformed, "'\(name)' has \(value.text()) where an id with its label is wanted", file: file)
  }

  private static func ordered(_ pairs: [(Int, String)], _ file: String) throws(DSXError)
    -> [String]
  {
    let sorted = pairs.sorted { $0.0 < $1.0 }
    for (place, pair) in sorted.enumerated() where pair.0 != place {
      throw DSXError(
        .malformed, "the label '\(pair.1)' has the id \(pair.0) where \(place) is wanted",
        file: file, hint: "labels are numbered 0, 1, 2 and so on, each once")
    }
    return sorted.map(\.1)
  }
}

extension ModelDescription {
  /// As many labels as there are logits: those that the files name, else `0`, `1`, `2` and so on.
  ///
  /// Throws `corrupt` where the files name another number of labels.
  func labels(count: Int) throws(DSXError) -> [String] {
    guard let labels = try labels() else { return (0..<count).map { String($0) } }
    guard labels.count == count else {
      throw DSXError(
        .corrupt, "the model has \(count) outputs, but \(labels.count) labels are named",
        file: source, hint: "the labels do not belong to these weights")
    }
    return labels
  }
}
