internal import DSXCore
public import Models

/// An evaluation task: data, not code. Read from `datasets/<name>/task.yaml`; docs/tasks.md has every
/// key.
public struct TaskDefinition: Sendable {
  /// Its name.
  public var name: String
  /// Its version; a change that can change a score makes a new one.
  public var version: Int
  /// The variant of `--compat` that was chosen; nil for the task itself.
  public var variant: String?
  /// The variants that there are, sorted.
  public var variants: [String] = []
  /// What it asks of the model.
  public var request: RequestKind
  /// The column with the text: the document, the first of a pair, the question, the sentence.
  public var text: String
  /// The column with the second text of a pair, or the context of a question.
  public var pair: String?
  /// The column that identifies an example; nil: its row number.
  public var id: String?
  /// The prompt.
  public var prompt: PromptTemplate?
  /// The text behind the prompt that alone is scored; nil: the whole prompt is.
  public var continuation: PromptTemplate?
  /// The column with the right answer.
  public var gold: String?
  /// Rows with one of these right answers are skipped, e.g. `-` for "annotators disagree".
  public var skipGold: [String] = []
  /// Where the labels come from.
  public var labels: LabelSource?
  /// The choices that the rows bring themselves.
  public var choices: ChoiceSource?
  /// The rule that is used unless the user names one.
  public var rule: ScoringRule?
  /// Some of the labels instead of all.
  public var candidates: CandidateDraw?
  /// Demonstrations.
  public var fewShot: FewShot?
  /// The seed of demonstrations and candidates.
  public var seed: UInt64 = 0
  /// Texts that end a generated answer; they are not part of it.
  public var until: [String] = []
  /// The most ids of a generated answer.
  public var maximumTokens: Int?
  /// How answers are made.
  public var filters: [AnswerFilter] = []
  /// The metrics, in the order in which they are reported.
  public var metrics: [MetricChoice]
  /// The column whose equal values are one cluster for intervals and tests.
  public var cluster: String?
  /// Columns whose values make slices of the report.
  public var slices: [String] = []
  /// Whether the model's begin-of-text id goes before every text.
  public var bos: BOSChoice = .auto
  /// What is done with a prompt that is longer than the model takes.
  public var onLong: LongInput = .error
  /// The column with token ids, for records that were encoded already.
  public var ids: String?
  /// The column with 1 for each id that counts.
  public var mask: String?
  /// What one document of a perplexity is.
  public var documents: DocumentForm = .row
  /// Rows of a batch, for perplexities that are means over batches.
  public var batchRows: Int?
  /// Columns of numbers that a table classifier reads; empty: those that the model names.
  public var features: [String] = []
  /// Columns of the data that play a role of the metrics; only for `given`.
  public var roles: [Role] = []
  /// The files of a folder in the benchmark's original layout: split -> file, and `labels`.
  public var layout: [(name: String, file: String)] = []
  /// How the files of the original layout are read: `cmrc2018` for SQuAD's form.
  public var format: String?
  /// Where a user can get the data, for messages.
  public var note: String?

  /// A role of a metric and the column that plays it.
  public struct Role: Sendable, Equatable {
    /// The role, e.g. `relevance`.
    public var role: String
    /// The column of the data.
    public var column: String
  }

  /// Hash of everything that decides a score: results of tasks with other hashes do not compare.
  public var hash: String { SHA256.hex(json.text()) }

  /// The file of the original layout for a split, or for `labels`.
  public func layoutFile(_ name: String) -> String? { layout.first { $0.name == name }?.file }
}
