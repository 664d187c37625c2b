internal import DSXCore

/// What follows the encoder of a sentence-transformers folder (`modules.json`): pooling, dense layers,
/// normalisation.
///
/// A folder without `modules.json` has the mean of all tokens, as sentence-transformers takes it, or
/// with ModelScope's task `sentence-embedding` the first token; `emb_pooler_type` and `normalize` count
/// there.
struct SentenceModules: Sendable {
  /// A step from vectors to vectors.
  enum Step: Sendable {
    case dense(DenseLayer, HeadActivation)
    /// To length 1.
    case normalize
  }

  /// The pooled vectors, joined in this order.
  private(set) var pooling: [SentencePooling] = [.mean]
  private(set) var steps: [Step] = []
  /// `max_seq_length` of `sentence_bert_config.json`.
  private(set) var maximumTokens: Int?
  /// `do_lower_case` of the same file.
  private(set) var lowercases = false
  /// Whether the tokens of a prompt count in the pooling (`include_prompt`).
  private(set) var includesPrompt = true
  /// Parameters of the dense layers.
  private(set) var parameters = 0
  /// The fingerprints of their weights, in order.
  private(set) var fingerprints: [String] = []

  /// What the folder of an encoder with rows of `width` says.
  ///
  /// `configuration` is the `model` of ModelScope's file, `task` its task.
  init(folder: String, configuration: JSONValue, task: String?, width: Int) throws(DSXError) {
    let settings = FilePath.join(folder, "sentence_bert_config.json")
    if FilePath.exists(settings) {
      let reader = ConfigurationReader(try JSONParser.parse(file: settings))
      do throws(DSXError) {
        if reader["max_seq_length"] != nil { maximumTokens = try reader.size("max_seq_length") }
        lowercases = try reader.flag("do_lower_case", false)
      } catch { throw error.inFile(settings) }
    }
    let path = FilePath.join(folder, "modules.json")
    guard FilePath.exists(path) else {
      try readModelScope(configuration, task)
      return
    }
    guard let modules = try JSONParser.parse(file: path).array, !modules.isEmpty else {
      throw DSXError(.malformed, "modules.json must be a list of modules", file: path)
    }
    var width = width
    for (index, module) in modules.enumerated() {
      guard let type = module["type"]?.string, let place = module["path"]?.string,
        let name = type.utf8.split(separator: UInt8(ascii: ".")).last.map({
          String(decoding: $0, as: UTF8.self)
        })
      else {
        throw DSXError(.malformed, "module \(index) has no 'type' and 'path'", file: path)
      }
      guard place.isEmpty || FilePath.isPlainName(place) else {
        throw DSXError(.malformed, "the path '\(place)' of module \(index) is no name", file: path)
      }
      let isFirst = index == 0
      guard isFirst == (name == "Transformer"), isFirst == place.isEmpty || name == "Normalize"
      else {
        throw DSXError(
          .unsupported, "module \(index) is a '\(type)' in '\(place)'", file: path,
          hint: "the first module must be the encoder itself, in the folder itself")
      }
      try add(name, FilePath.join(folder, place), modules: path, &width)
    }
  }

  private mutating func add(
    _ name: String, _ folder: String, modules: String, _ width: inout Int
  ) throws(DSXError) {
    let path = FilePath.join(folder, "config.json")
    switch name {
    case "Transformer", "Dropout": break
    case "Normalize": steps.append(.normalize)
    case "Pooling":
      guard steps.isEmpty else {
        throw DSXError(.unsupported, "pooling after another step is not supported", file: modules)
      }
      let config = try JSONParser.parse(file: path)
      let reader = ConfigurationReader(config)
      do throws(DSXError) {
        let stated = try reader.size(
          reader["embedding_dimension"] == nil ? "word_embedding_dimension" : "embedding_dimension",
          width)
        guard stated == width else {
          throw DSXError(
            .corrupt, "the pooling is for rows of \(stated) numbers, the encoder's have \(width)")
        }
        pooling = try SentencePooling.read(config)
        includesPrompt = try reader.flag("include_prompt", true)
      } catch { throw error.inFile(path) }
      width *= pooling.count
    case "Dense":
      let reader = ConfigurationReader(try JSONParser.parse(file: path))
      do throws(DSXError) {
        let inputs = try reader.size("in_features")
        let outputs = try reader.size("out_features")
        guard inputs == width else {
          throw DSXError(
            .corrupt, "the dense layer takes \(inputs) numbers, but it is given \(width)")
        }
        let named = reader["activation_function"].map { $0.string ?? $0.text() } ?? "Tanh"
        guard let activation = HeadActivation(name: named) else {
          throw DSXError(.unsupported, "the activation function '\(named)' is not supported")
        }
        guard try !reader.flag("use_residual", false) else {
          throw DSXError(.unsupported, "a dense layer with 'use_residual' is not supported")
        }
        let store = try TensorStore(folder: folder)
        fingerprints.append(store.fingerprint())
        var loader = WeightLoader(store)
        let layer = try loader.head(
          "linear", inputs: inputs, outputs: outputs, hasBias: try reader.flag("bias", true))
        try loader.checkNothingIsLeft()
        parameters += loader.parameters
        steps.append(.dense(layer, activation))
        width = outputs
      } catch { throw error.inFile(path) }
    default:
      throw DSXError(
        .unsupported, "sentence-transformers' module '\(name)' is not supported", file: modules,
        hint: "known: Transformer, Pooling, Dense, Dropout, Normalize")
    }
  }

  /// ModelScope's sentence embedding: `emb_pooler_type` (cls, the default there; avg) and `normalize`.
  private mutating func readModelScope(_ configuration: JSONValue, _ task: String?) throws(DSXError)
  {
    let reader = ConfigurationReader(configuration)
    if task == "sentence-embedding" { pooling = [.first] }
    if let value = reader["emb_pooler_type"] {
      switch value.string {
      case "cls": pooling = [.first]
      case "avg": pooling = [.mean]
      default:
        throw DSXError(
          .unsupported, "'emb_pooler_type' \(value.text()) is not supported",
          hint: "known: cls, avg")
      }
    }
    if try reader.flag("normalize", false) { steps.append(.normalize) }
  }

  /// Numbers of the vectors that come out.
  func width(of rows: Int) -> Int {
    var width = rows * pooling.count
    for case .dense(let layer, _) in steps { width = layer.outputs }
    return width
  }
}
