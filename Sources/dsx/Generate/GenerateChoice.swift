internal import ArgumentParser
internal import DSXCore
internal import Models
internal import Text

/// How `dsx generate` chooses ids, and when a text ends.
struct GenerateChoice: ParsableArguments {
  /// When a beam search ends; transformers' values of `early_stopping` by their names there, and by words.
  enum EarlyStopping: String, CaseIterable, ExpressibleByArgument { case always, heuristic, never }

  @Option(help: ArgumentHelp("New ids at most.", valueName: "count"))
  var maxTokens = 128
  @Option(help: ArgumentHelp("No end before so many new ids.", valueName: "count"))
  var minTokens = 0
  @Option(help: ArgumentHelp("Sample, sharper below 1; 0: greedy.", valueName: "number"))
  var temperature: Double?
  @Option(help: ArgumentHelp("Sample among the so many likeliest ids.", valueName: "count"))
  var topK: Int?
  @Option(
    help: ArgumentHelp(
      "Sample among the likeliest ids until their probabilities reach this.", valueName: "share"))
  var topP: Double?
  @Option(
    help: ArgumentHelp(
      "Sample among ids at least so likely as this share of the likeliest.", valueName: "share"))
  var minP: Double?
  @Option(help: ArgumentHelp("Decides what is sampled. Default: 0.", valueName: "number"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("Beam search with so many hypotheses.", valueName: "count"))
  var beams: Int?
  @Option(
    help: ArgumentHelp("Beams: above 0 favours longer texts. Default: 1.", valueName: "number"))
  var lengthPenalty: Double?
  @Option(help: "Beams: when a search ends that could go on. Default: heuristic.")
  var earlyStopping: EarlyStopping?
  @Option(
    help: ArgumentHelp("Above 1: ids that were there become less likely.", valueName: "number"))
  var repetitionPenalty = 1.0
  @Option(
    name: .customLong("no-repeat-ngram"),
    help: ArgumentHelp("No run of so many ids comes twice.", valueName: "count"))
  var noRepeatNGram = 0
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "End before this text; \\n, \\r, \\t and \\\\ are understood. May be given again.",
      valueName: "text"))
  var stop: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "End at this token, as the vocabulary writes it, or at this id. May be given again.",
      valueName: "token|id"))
  var stopToken: [String] = []
  @Flag(name: .customLong("ignore-eos"), help: "Go on behind the model's end-of-text id.")
  var ignoreEOS = false

  private var sampling: [(name: String, isGiven: Bool)] {
    [("--top-k", topK != nil), ("--top-p", topP != nil), ("--min-p", minP != nil)]
  }

  func validate() throws {
    let others = sampling.filter(\.isGiven).map(\.name)
    let samples = temperature.map { $0 != 0 } ?? !others.isEmpty
    if temperature == 0, let name = others.first {
      throw ValidationError("--temperature 0 is greedy: leave out \(name)")
    }
    if seed != nil, !samples {
      throw ValidationError("--seed is for sampling: add --temperature, --top-k or --top-p")
    }
    if beams != nil, samples {
      throw ValidationError("--beams does not sample: leave out the sampling options")
    }
    if beams == nil {
      if lengthPenalty != nil { throw ValidationError("--length-penalty is for --beams") }
      if earlyStopping != nil { throw ValidationError("--early-stopping is for --beams") }
    }
  }

  /// The options; throws `usage` for a token that the vocabulary does not have.
  func options(_ tokenizer: any Tokenizer) throws(DSXError) -> GenerationOptions {
    var ids: [Int32] = []
    for token in stopToken { ids.append(try Self.id(token, tokenizer)) }
    return GenerationOptions(
      strategy: strategy, maxNewTokens: maxTokens, minNewTokens: minTokens,
      repetitionPenalty: repetitionPenalty, noRepeatNGram: noRepeatNGram,
      stopStrings: stop.map(Self.unescaped), stopIDs: ids, stopsAtEndOfText: !ignoreEOS)
  }

  private var strategy: GenerationOptions.Strategy {
    if let beams {
      let early: BeamOptions.EarlyStopping =
        switch earlyStopping {
        case .always: .always
        case .never: .never
        case .heuristic, nil: .heuristic
        }
      return .beams(
        BeamOptions(count: beams, lengthPenalty: lengthPenalty ?? 1, earlyStopping: early))
    }
    guard temperature.map({ $0 != 0 }) ?? sampling.contains(where: \.isGiven) else {
      return .greedy
    }
    return .sample(
      SamplingOptions(
        temperature: temperature ?? 1, topK: topK ?? 0, topP: topP ?? 1, minP: minP ?? 0,
        seed: seed ?? 0))
  }

  /// A token by its spelling, else by its number.
  private static func id(_ token: String, _ tokenizer: any Tokenizer) throws(DSXError) -> Int32 {
    if let id = tokenizer.id(of: token) { return id }
    if let id = Int32(token), id >= 0, Int(id) < tokenizer.vocabularySize { return id }
    throw DSXError(
      .usage, "the vocabulary has no token '\(token)' to stop at",
      hint:
        "--stop ends at a text; --stop-token takes a token as the vocabulary writes it, or an id "
        + "below \(tokenizer.vocabularySize)")
  }

  /// A text with `\n`, `\r`, `\t` and `\\` replaced; any other backslash stays.
  static func unescaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    let escapes: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
      UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    ]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), let next = rest.first, let escape = escapes[next] {
        bytes.append(escape)
        rest.removeFirst()
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
