/// How an answer is made from what the model gave; filters of a task run one after the other.
public enum AnswerFilter: String, CaseIterable, Sendable {
  /// The choice with the smallest loss, the first one of equals; only for choices.
  case argmin
  /// Nothing: what the model gave is the answer.
  case none
  /// White space at both ends goes.
  case strip
  /// What is before the first line feed.
  case firstLine = "first_line"
  /// What is before the first `。`, `！`, `？`, or `.`, `!`, `?` with white space behind, that mark
  /// included.
  case firstSentence = "first_sentence"
  /// ASCII letters become small.
  case lower
  /// The first number: digits with a sign, a decimal point, thousands commas taken out.
  case firstNumber = "first_number"
  /// The last number, for answers that calculate first.
  case lastNumber = "last_number"
  /// The number behind the last `####`, else the last number, as GSM8K writes answers.
  case finalNumber = "final_number"
  /// The first capital letter A to Z that stands alone.
  case letter
  /// The first of the task's choices that occurs, the longest of those that begin there.
  case choice
  /// White space inside goes: Chinese text from word pieces.
  case unspace

  /// Whether it works on text.
  var isTextual: Bool { self != .argmin && self != .none }
}
