/// One named way to change the text of a document before it is encoded. All are off by default.
public enum CleaningRule: String, CaseIterable, Sendable {
  /// The clean-up of MindFormers' PanGu-alpha script for wikitext, rule by rule (`WikitextCleaning`).
  case wikitext
  /// The same with the one more rule that MindFormers' GPT-2 script has.
  case wikitextGPT2 = "wikitext-gpt2"
  /// Unicode normal form C: two spellings of one character become the same.
  case nfc
  /// Unicode normal form KC: also full-width letters, ligatures, superscripts and the like.
  case nfkc
  /// Control and invisible formatting characters are removed (`ControlCleaning`).
  case control
  /// Blanks are unified, runs collapsed, lines trimmed (`WhitespaceCleaning`).
  case whitespace
}
