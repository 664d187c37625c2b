internal import DSXCore
public import Models

/// What answers the examples of a run: an opened model, or predictions that were made elsewhere.
public struct EvaluatedModel: Sendable {
  /// The two kinds.
  public enum Source: Sendable {
    /// A model folder or GGUF file, opened.
    case model(OpenedModel)
    /// A file of predictions.
    case given(GivenPredictions)
  }

  /// What answers.
  public let source: Source
  /// The folder or file, as the user gave it.
  public let path: String
  /// The name in results: the folder's, or the file's without its ending.
  public let name: String

  /// A model that is opened already.
  public init(_ model: OpenedModel, path: String) {
    source = .model(model)
    self.path = path
    name = model.info.name
  }

  /// A language model that is opened already.
  public init(_ loaded: LoadedModel) { self.init(.language(loaded), path: loaded.folder) }

  /// Predictions that were made elsewhere.
  public init(_ given: GivenPredictions) {
    source = .given(given)
    path = given.path
    let file = FilePath.split(given.path).name
    let bytes = Array(file.utf8)
    let end = bytes.lastIndex(of: UInt8(ascii: ".")) ?? bytes.count
    name = String(decoding: bytes[..<(end > 0 ? end : bytes.count)], as: UTF8.self)
  }

  /// How it computes, for reports.
  public var runtime: [RuntimeFact] {
    switch source {
    case .model(.language(let loaded)): loaded.runtime
    case .model: ModelFolder.runtime
    case .given: []
    }
  }

  /// The model's part of `report.json`.
  func json() throws(DSXError) -> JSONValue {
    switch source {
    case .given(let given):
      return .object([
        .init("name", .string(name)), .init("architecture", .string("given predictions")),
        .init("predictions", .int(Int64(given.count))),
        .init("fingerprint", .string(given.fingerprint)),
      ])
    case .model(let model):
      let info = model.info
      return .object([
        .init("name", .string(info.name)), .init("architecture", .string(info.architecture)),
        .init("parameters", .int(Int64(info.parameters))),
        .init("stored_type", .string(info.storedType)),
        .init("vocabulary_size", .int(Int64(info.vocabularySize))),
        .init("positions", .int(Int64(info.context))),
        .init("fingerprint", .string(info.fingerprint)),
        .init(
          "configuration_fingerprint", .string(try ModelFolder.configurationFingerprint(path))),
      ])
    }
  }

  /// The tokenizer's part of `report.json`; nil where there is none.
  func tokenizer() throws(DSXError) -> JSONValue? {
    guard case .model(let model) = source else { return nil }
    switch model {
    case .imageClassifier, .tableClassifier: return nil
    default: break
    }
    var members: [JSONValue.Member] = []
    if case .language(let loaded) = model {
      members.append(.init("vocabulary_size", .int(Int64(loaded.tokenizer.vocabularySize))))
    }
    var names = [
      "tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer_config.json",
      "special_tokens_map.json",
    ]
    let configuration = FilePath.join(path, "configuration.json")
    if FilePath.exists(configuration),
      let own = try JSONParser.parse(file: configuration)["preprocessor"]?["tokenizer"]?.string,
      FilePath.isPlainName(own), !names.contains(own)
    {
      names.append(own)
    }
    members.append(.init("fingerprint", .string(try Self.fingerprint(path, names))))
    return .object(members)
  }

  /// SHA-256 over those of the files that are there: `NAME LF BYTES LF` before each one's content.
  private static func fingerprint(_ folder: String, _ names: [String]) throws(DSXError) -> String {
    var hash = SHA256()
    for name in names {
      let path = FilePath.join(folder, name)
      guard FilePath.exists(path), !FilePath.isFolder(path) else { continue }
      let file = try MappedFile(path: path)
      hash.update("\(name)\n\(file.bytes.count)\n")
      file.withBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }
}
