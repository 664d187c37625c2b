internal import DSXCore

/// Where the labels of a task come from: a file with one label a line, or the task itself.
public struct LabelSource: Sendable, Equatable {
  /// One label's name and the word that stands for it.
  public struct Word: Sendable, Equatable {
    /// The label, as the data has it; or the value of the file's `name` column.
    public var name: String
    /// The word in the prompt.
    public var word: String

    /// A word.
    public init(name: String, word: String) {
      self.name = name
      self.word = word
    }
  }

  /// The descriptor's argument that names the file with the labels (JSON lines); nil: `words` are the
  /// labels, in their order.
  public var attachment: String?
  /// The column with a label's id, as the gold column holds it.
  public var id: String
  /// The column with the word that is put into the prompt; the file may lack it.
  public var word: String
  /// The column that `words` is keyed by.
  public var name: String
  /// Words for files that have no `word` column, or the labels themselves.
  public var words: [Word]

  /// A source.
  public init(
    attachment: String?, id: String = "", word: String = "", name: String = "", words: [Word]
  ) {
    self.attachment = attachment
    self.id = id
    self.word = word
    self.name = name
    self.words = words
  }

  var json: JSONValue {
    .object([
      .init("attachment", attachment.map { .string($0) } ?? .null), .init("id", .string(id)),
      .init("word", .string(word)), .init("name", .string(name)),
      .init("words", .object(words.map { .init($0.name, .string($0.word)) })),
    ])
  }
}

/// Choices that every row of the data brings itself.
public struct ChoiceSource: Sendable, Equatable {
  /// How the gold column says which choice is right.
  public enum Gold: String, CaseIterable, Sendable {
    /// The place from 0.
    case index
    /// The place from 1.
    case number
    /// A letter: A is the first.
    case letter
    /// The choice's text.
    case text
  }

  /// One column with a list of texts, or a column for each choice.
  public var columns: [String]
  /// How the gold column says which is right.
  public var gold: Gold

  var json: JSONValue {
    ["columns": .array(columns.map { .string($0) }), "gold": .string(gold.rawValue)]
  }
}
