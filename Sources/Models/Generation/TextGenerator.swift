public import DSXCore
internal import Text

/// Continues texts: a `Generator` with the model's tokenizer and its end-of-text ids around it.
///
/// Single-owner. Can be run again and again; nothing is carried over.
public final class TextGenerator {
  private let generator: Generator
  private let rules: PromptRules
  private let bos: [Int32]
  private let context: Int
  private let room: Int
  private var encoder: any TokenEncoder

  /// A generator over a session of `loaded.model` that nobody else uses.
  ///
  /// Throws `usage` for options outside of their range, for `window`, for a wanted begin-of-text id that
  /// the model does not have, and for truncation when the new tokens alone fill the context; `malformed`
  /// for a damaged `generation_config.json`.
  public init(
    _ loaded: LoadedModel, session: any GenerationSession, options: GenerationOptions,
    rules: PromptRules = PromptRules(), batchSize: Int = 8, startsTogether: Bool = false
  ) throws(DSXError) {
    self.rules = rules
    context = min(loaded.context, session.context)
    if rules.addsBOS ?? loaded.addBOS {
      guard let id = loaded.bosID else {
        throw DSXError(
          .usage, "the model has no begin-of-text id", file: loaded.folder,
          hint: "leave it off with --bos off")
      }
      bos = [id]
    } else {
      bos = []
    }
    room = context - options.maxNewTokens
    switch rules.longInput {
    case .error: break
    case .truncateLeft, .truncateRight:
      guard room > bos.count else {
        throw DSXError(
          .usage,
          "\(options.maxNewTokens) new tokens leave no room for a prompt in a context of \(context)",
          hint: "ask for fewer new tokens")
      }
    case .window:
      throw DSXError(
        .usage, "a prompt cannot be cut into windows",
        hint: "truncate-left keeps its end, truncate-right its beginning")
    }
    encoder =
      rules.readsSpecialTokens
      ? loaded.tokenizer.makeEncoder() : loaded.tokenizer.makePlainTextEncoder()
    generator = try Generator(
      session: session, tokenizer: loaded.tokenizer, options: options,
      endOfText: try EndOfText.ids(of: loaded), batchSize: batchSize, positions: context,
      startsTogether: startsTogether)
  }

  /// A generator over a session of its own that computes as `compute` says. Where that shares no prefixes,
  /// a text does not depend on the other prompts, to the last bit.
  public convenience init(
    _ loaded: LoadedModel, options: GenerationOptions, rules: PromptRules = PromptRules(),
    compute: ComputeOptions = ComputeOptions(), batchSize: Int = 8
  ) throws(DSXError) {
    try self.init(
      loaded, session: try loaded.model.makeSession(compute), options: options, rules: rules,
      batchSize: batchSize, startsTogether: compute.sharesPrefixes)
  }

  /// The ids of a prompt: begin-of-text where it is wanted, the text, cut where the rules say so.
  ///
  /// Throws `usage` for an empty prompt, and for one that is too long under `error`.
  public func ids(of prompt: String) throws(DSXError) -> [Int32] {
    let text = encoder.encode(prompt)
    guard !text.isEmpty else { throw DSXError(.usage, "the prompt is empty") }
    let count = bos.count + text.count
    switch rules.longInput {
    case .error, .window:
      guard count <= context else {
        throw DSXError(
          .usage, "the prompt has \(count) ids, the model's context is \(context)",
          hint: "shorten it, or let --on-long truncate-left or truncate-right cut it")
      }
      return bos + text
    case .truncateLeft: return bos + text.suffix(room - bos.count)
    case .truncateRight: return bos + text.prefix(room - bos.count)
    }
  }

  /// Continues the texts that `next` gives, with the index that names each, until that is nil.
  ///
  /// See `Generator.run`: a prompt that cannot be taken is reported as refused, and the others go on.
  public func run(
    _ next: () throws(DSXError) -> (index: Int, prompt: String)?,
    _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) {
    try generator.run { () throws(DSXError) -> GenerationRequest? in
      while let (index, prompt) = try next() {
        let refusal: DSXError
        do throws(DSXError) {
          return GenerationRequest(index: index, ids: try ids(of: prompt))
        } catch { refusal = error }
        try report(.refused(index: index, refusal))
      }
      return nil
    } _: { (event) throws(DSXError) in
      try report(event)
    }
  }

  /// The continuations of texts, in their order, with their places as index; refused ones as errors.
  public func generate(_ prompts: [String]) throws(DSXError)
    -> [Result<GenerationResult, DSXError>]
  {
    var results = [Result<GenerationResult, DSXError>?](repeating: nil, count: prompts.count)
    var given = 0
    try run { () throws(DSXError) in
      guard given < prompts.count else { return nil }
      defer { given += 1 }
      return (given, prompts[given])
    } _: { (event) throws(DSXError) in
      switch event {
      case .piece: break
      case .finished(let result): results[result.index] = .success(result)
      case .refused(let index, let error): results[index] = .failure(error)
      }
    }
    return results.compactMap { $0 }
  }
}
