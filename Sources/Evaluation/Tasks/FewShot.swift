internal import DSXCore

/// Demonstrations that go before an example's prompt.
public struct FewShot: Sendable, Equatable {
  /// How demonstrations are chosen.
  public enum Draw: String, CaseIterable, Sendable {
    /// The first of the split.
    case first
    /// A seeded draw without replacement.
    case random
    /// As evenly over the labels as it goes: the first few of a shuffle of each label, shuffled.
    case balanced
  }

  /// How often they are chosen.
  public enum Scope: String, CaseIterable, Sendable {
    /// Once: all examples have the same ones, whose computation is shared.
    case run
    /// For every example anew.
    case example
  }

  /// How many, unless the user says otherwise.
  public var count: Int
  /// The split they come from; nil: the split that is evaluated.
  public var split: String?
  /// How they are chosen.
  public var draw: Draw
  /// How often.
  public var per: Scope
  /// How many are drawn at least, so that a smaller count takes the first of them; 0: as many as needed.
  public var pool: Int
  /// The longest demonstration in code points; the rest is left out. nil: whole.
  public var cut: Int?
  /// What stands behind each demonstration.
  public var separator: String
  /// The template of a demonstration; nil: the prompt with the right answer behind it.
  public var prompt: PromptTemplate?
  /// Whether an example may be its own demonstration: only original recipes that do not look.
  public var allowsSelf: Bool

  /// Demonstrations.
  public init(
    count: Int, split: String? = nil, draw: Draw = .random, per: Scope = .run, pool: Int = 0,
    cut: Int? = nil, separator: String = "\n", prompt: PromptTemplate? = nil,
    allowsSelf: Bool = false
  ) {
    self.count = count
    self.split = split
    self.draw = draw
    self.per = per
    self.pool = pool
    self.cut = cut
    self.separator = separator
    self.prompt = prompt
    self.allowsSelf = allowsSelf
  }

  var json: JSONValue {
    .object([
      .init("count", .int(Int64(count))), .init("split", split.map { .string($0) } ?? .null),
      .init("draw", .string(draw.rawValue)), .init("per", .string(per.rawValue)),
      .init("pool", .int(Int64(pool))), .init("cut", cut.map { .int(Int64($0)) } ?? .null),
      .init("separator", .string(separator)),
      .init("prompt", prompt.map { .string($0.source) } ?? .null),
      .init("allow_self", .bool(allowsSelf)),
    ])
  }
}

/// Some of the labels instead of all: the right one and others drawn at random, in a drawn order.
public struct CandidateDraw: Sendable, Equatable {
  /// How many choices an example has.
  public var count: Int
  /// Whether only labels that occur in the split are drawn, sorted by their words' bytes; else all, in
  /// the labels' order.
  public var onlyPresent: Bool

  /// A draw.
  public init(count: Int, onlyPresent: Bool) {
    self.count = count
    self.onlyPresent = onlyPresent
  }

  var json: JSONValue {
    ["count": .int(Int64(count)), "only_present": .bool(onlyPresent)]
  }
}
