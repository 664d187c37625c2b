public import Text

/// A language model that is ready to score text: weights, tokenizer and the facts that a task needs.
///
/// `Sendable`; the model and the tokenizer are immutable and shared between threads.
public struct LoadedModel: Sendable {
  /// The folder it came from, as the user gave it.
  public let folder: String
  /// The model.
  public let model: any LanguageModel
  /// Its tokenizer. Encode plain text of a data set with `makePlainTextEncoder()`.
  public let tokenizer: any Tokenizer
  /// The id that begins a text, if the configuration names one.
  public let bosID: Int32?
  /// The id that ends a text, if the configuration names one.
  public let eosID: Int32?
  /// Whether the configuration wants `bosID` before a text (`--bos auto`).
  public let addBOS: Bool
  /// Positions to use at once: the model's context, or the configuration's smaller `max_length`.
  public let context: Int
  /// The task that `configuration.json` names, e.g. `text-generation`.
  public let task: String?
  /// Facts on how it computes, for reports: BLAS library, kernel (core) name, threads.
  public let runtime: [RuntimeFact]

  /// A model put together from its parts; `ModelFolder.open` does this for a folder.
  public init(
    folder: String, model: any LanguageModel, tokenizer: any Tokenizer, bosID: Int32?,
    eosID: Int32?, addBOS: Bool, context: Int, task: String? = nil, runtime: [RuntimeFact] = []
  ) {
    self.folder = folder
    self.model = model
    self.tokenizer = tokenizer
    self.bosID = bosID
    self.eosID = eosID
    self.addBOS = addBOS
    self.context = context
    self.task = task
    self.runtime = runtime
  }
}

/// One fact on how a model computes, for reports: `blas core` = `SkylakeX`.
public struct RuntimeFact: Sendable, Hashable {
  /// What it is about.
  public let name: String
  /// What holds here.
  public let value: String

  /// A fact.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
