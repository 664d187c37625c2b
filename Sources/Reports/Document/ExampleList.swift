/// Single examples with what was wanted and what came.
public struct ExampleList: Sendable, Equatable {
  /// One example.
  public struct Example: Sendable, Equatable {
    /// Its id in `predictions.jsonl`.
    public var id: String
    /// The text that the model saw, or a part of it.
    public var text: String
    /// The right answer.
    public var gold: String
    /// The model's answer.
    public var predicted: String
    /// Whether the answer counts as right; nil: answers are more or less right.
    public var isCorrect: Bool?
    /// A formatted number that says how sure it was, e.g. the margin.
    public var score: String?
    /// The image that the model saw, made small.
    public var picture: Picture?

    /// An example.
    public init(
      id: String, text: String, gold: String, predicted: String, isCorrect: Bool?,
      score: String? = nil
    ) {
      self.id = id
      self.text = text
      self.gold = gold
      self.predicted = predicted
      self.isCorrect = isCorrect
      self.score = score
    }
  }

  /// The examples, in the order to show.
  public var examples: [Example]
  /// What the text column holds, e.g. `headline`.
  public var textTitle: String
  /// What the score column holds, e.g. `margin`; nil: no such column.
  public var scoreTitle: String?

  /// A list.
  public init(_ examples: [Example], textTitle: String = "text", scoreTitle: String? = nil) {
    self.examples = examples
    self.textTitle = textTitle
    self.scoreTitle = scoreTitle
  }
}
