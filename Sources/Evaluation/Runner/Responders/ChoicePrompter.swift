internal import DSXCore
internal import Jieba
internal import Models
internal import Text

/// The ids of one choice, and those that its loss is made of.
struct ChoicePrompt {
  var ids: [Int32]
  var scored: Range<Int>
}

/// Texts of choices to ids, with what the rule scores of them.
struct ChoicePrompter {
  private let rule: ScoringRule
  private let settings: LanguageSettings
  private let template: PromptTemplate
  private var encoder: any TokenEncoder
  private var cutter: JiebaCutter?
  private var frames: [Frame: (ids: Int, words: Int)] = [:]

  /// A prompt with empty data fields, by what is in front of it.
  private struct Frame: Hashable {
    let shots: String
    let word: String
  }

  init(
    _ template: PromptTemplate, _ rule: ScoringRule, _ settings: LanguageSettings, homes: Homes
  ) throws(DSXError) {
    self.template = template
    self.rule = rule
    self.settings = settings
    encoder = settings.model.tokenizer.makePlainTextEncoder()
    cutter = rule == .panguMask ? JiebaCutter(try JiebaDictionary.load(homes: homes)) : nil
  }

  /// The ids of a whole prompt, scored as the rule says.
  mutating func whole(_ text: String, shots: String, word: String) -> ChoicePrompt {
    let start = settings.bos == nil ? 0 : 1
    let ids = (settings.bos.map { [$0] } ?? []) + encoder.encode(text)
    var first = 1
    if rule.needsFrame {
      let frame = frame(shots, word)
      first = rule == .panguMask ? frame.words : frame.ids
    } else if !shots.isEmpty {
      // The demonstrations are the same for every choice; what follows them is scored.
      let common = zip(encoder.encode(shots), ids.dropFirst(start)).prefix { $0 == $1 }.count
      first = start + common
    }
    first = min(max(1, first), ids.count)
    return ChoicePrompt(ids: ids, scored: first..<ids.count)
  }

  /// Ids (bos included) and jieba words of a prompt with empty data fields.
  private mutating func frame(_ shots: String, _ word: String) -> (ids: Int, words: Int) {
    let key = Frame(shots: shots, word: word)
    if let known = frames[key] { return known }
    let empty = shots + template.fill(["label": word, "choice": word])
    let ids = encoder.encode(empty).count + (settings.bos == nil ? 0 : 1)
    let frame = (ids: ids, words: cutter?.words(empty).count ?? 0)
    // Demonstrations of every example's own would fill the memory.
    if frames.count > 4096 { frames = [:] }
    frames[key] = frame
    return frame
  }

  /// The ids of a context and its continuation, of which only the continuation is scored. As lm-eval,
  /// blanks at the end of the context belong to the continuation, and the two are encoded together.
  mutating func continued(_ context: String, _ continuation: String) -> ChoicePrompt {
    var scalars = Array(context.unicodeScalars)
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    let bare = String(String.UnicodeScalarView(scalars))
    let begin = settings.bos ?? (bare.isEmpty ? settings.model.bosID ?? settings.model.eosID : nil)
    let start = begin == nil ? 0 : 1
    let ids = (begin.map { [$0] } ?? []) + encoder.encode(context + continuation)
    let first = max(1, min(ids.count, start + (bare.isEmpty ? 0 : encoder.encode(bare).count)))
    return ChoicePrompt(ids: ids, scored: min(first, ids.count)..<ids.count)
  }

  /// Brings a prompt to the model's length, or says why it cannot be scored.
  func fit(_ one: inout ChoicePrompt) -> String? {
    let longest = settings.context + 1
    if one.ids.count > longest {
      switch settings.onLong {
      case .truncateLeft:
        let cut = one.ids.count - longest
        one.ids.removeFirst(cut)
        one.scored = max(1, one.scored.lowerBound - cut)..<one.ids.count
      case .truncateRight:
        // The original rows have as many ids as the model has positions.
        one.ids.removeLast(one.ids.count - settings.context)
        one.scored = min(one.scored.lowerBound, one.ids.count)..<one.ids.count
      case .error, .window:
        return "a prompt has \(one.ids.count) ids, the model takes \(longest): "
          + "nothing is cut silently"
      }
    }
    if one.ids.count < 2 { return "a prompt has no id to predict" }
    if one.scored.isEmpty, rule != .panguMask { return "the text has no id to score" }
    return nil
  }
}
