internal import DSXCore
internal import Models

extension RequestKind {
  /// What can be done with a text that is longer than the model's context.
  ///
  /// Perplexity and spans always read in windows. Tags of windows are joined word by word. A choice, a
  /// label, a vector and a continuation are one answer for one text: nothing joins them, so they are cut
  /// or fail, as lm-eval cuts prompts from the left.
  var longInputs: [LongInput] {
    switch self {
    case .rollingLogLikelihood, .span: [.window]
    case .logLikelihood, .generateUntil, .classify, .embed:
      [.error, .truncateLeft, .truncateRight]
    case .tag: LongInput.allCases
    case .imageClassify, .tableClassify, .given: []
    }
  }

  /// Throws `usage` for a choice that the request cannot follow; doing something else in its place would
  /// change scores without a word.
  func check(_ onLong: LongInput, task name: String) throws(DSXError) {
    guard !longInputs.contains(onLong) else { return }
    let words = longInputs.map(\.rawValue)
    throw DSXError(
      .usage, "--on-long \(onLong.rawValue) means nothing for the task '\(name)' (\(rawValue))",
      hint: words.isEmpty
        ? "its inputs have no length"
        : words == ["window"]
          ? "long texts are always read in windows there"
          : "choose " + words.joined(separator: ", "))
  }
}
