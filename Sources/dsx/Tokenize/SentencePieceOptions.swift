internal import ArgumentParser
internal import DSXCore
internal import Text

/// The options of `dsx tokenize` that are for SentencePiece vocabularies.
struct SentencePieceOptions: ParsableArguments {
  @Flag(help: "Print the normalised text, as the pieces are cut from it.")
  var normalize = false

  @Flag(help: "Turn ids back into text: one JSON array of ids (or of pieces) a line.")
  var decode = false

  @Option(
    help: ArgumentHelp(
      "Draw pieces by chance: unigram prefers good ones the more the higher ALPHA is, BPE skips merges with probability ALPHA.",
      valueName: "alpha"))
  var sample: Float?

  @Option(
    help: ArgumentHelp(
      "With --sample and a unigram model: draw from the N best ways (2 to 512); negative: from all.",
      valueName: "n"))
  var nbest: Int?

  @Option(help: ArgumentHelp("Seed of --sample.", valueName: "seed"))
  var seed: UInt64?

  @Flag(name: .customLong("add-bos"), help: "Put the id that begins a text in front.")
  var addBOS = false

  @Flag(name: .customLong("add-eos"), help: "Put the id that ends a text behind.")
  var addEOS = false

  @Flag(help: "Reverse the ids of each line (before --add-bos and --add-eos).")
  var reverse = false

  /// The first of these options that was given; nil when none was.
  private var given: String? {
    if normalize { return "--normalize" }
    if decode { return "--decode" }
    if sample != nil { return "--sample" }
    if addBOS { return "--add-bos" }
    if addEOS { return "--add-eos" }
    return reverse ? "--reverse" : nil
  }

  /// Whether any of these options was given.
  var isGiven: Bool { given != nil }

  func validate() throws {
    if sample == nil, nbest != nil || seed != nil {
      throw ValidationError("--nbest and --seed belong to --sample")
    }
    if normalize, decode { throw ValidationError("give --normalize or --decode") }
    if normalize || decode {
      if sample != nil { throw ValidationError("--sample is for encoding") }
      if addBOS || addEOS || reverse {
        throw ValidationError("--add-bos, --add-eos and --reverse are for encoding")
      }
    }
  }

  /// A usage error when one of these options was given; `reason` ends the sentence that names it.
  func refuseAny(_ reason: String) throws {
    if let given { throw ValidationError("\(given) \(reason)") }
  }

  /// A usage error when one of these options but `--decode`, which all vocabularies know, was given.
  func refuseOthers(_ reason: String) throws {
    if let given, given != "--decode" { throw ValidationError("\(given) \(reason)") }
  }

  /// What turns lines into what these options ask for.
  func lines(_ tokenizer: SentencePieceTokenizer, pieces: Bool, _ lines: LineOptions)
    throws(DSXError) -> SentencePieceLines
  {
    var task = SentencePieceLines.Task.encode
    if normalize { task = .normalize }
    if decode { task = .decode }
    if let sample {
      task = .sample(
        try SentencePieceSampler(tokenizer, alpha: sample, best: nbest ?? -1, seed: seed ?? 0))
    }
    let specials = tokenizer.specialTokens
    for (isWanted, role) in [(addBOS, SpecialTokens.Role.bos), (addEOS, .eos)]
    where isWanted && specials.id(role) == nil {
      throw DSXError(
        .usage, "the vocabulary has no \(role == .bos ? "bos" : "eos") piece",
        hint: "leave out --add-\(role == .bos ? "bos" : "eos")")
    }
    return SentencePieceLines(
      tokenizer, task, pieces: pieces, bos: addBOS ? specials[.bos] : nil,
      eos: addEOS ? specials[.eos] : nil, reversed: reverse, lines)
  }
}
