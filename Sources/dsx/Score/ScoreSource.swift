internal import DSXCore
internal import Datasets
internal import Metrics

/// Examples in the order of their files, a few hundred at a time: lines of text files that go together,
/// or rows of a table.
struct ScoreSource {
  /// Examples that are read but not yet cut into values: workers do the rest.
  enum Block: Sendable {
    case lines(LineBlock)
    case rows(Batch)
  }

  private enum Reader {
    case lines(ParallelLines)
    case table(any Cursor)
  }

  private var reader: Reader
  /// Makes rows of blocks.
  let rows: ScoreRows

  /// Opens the input. Roles without a file or column are errors that say what there is.
  init(_ options: ScoreInputOptions, plan: ScorePlan, by: String?) throws(DSXError) {
    let named = try options.roles()
    for role in named.keys.sorted() where !plan.columns.contains(where: { $0.role == role }) {
      throw DSXError.unknown("role", role, known: plan.columns.map(\.role))
    }
    if let input = options.input {
      guard options.hyp == nil, options.ref.isEmpty else {
        throw DSXError(.usage, "--input and --hyp or --ref exclude each other")
      }
      let table = try ScoreTable(path: input)
      let columns = try ScoreColumns(
        plan: plan, named: named, schema: table.schema, file: input, by: by, id: options.id,
        cluster: options.cluster)
      reader = .table(try table.cursor(columns))
      rows = .table(columns, file: input)
      return
    }
    guard let hyp = options.hyp, !options.ref.isEmpty else {
      throw DSXError(
        .usage, "there is no input", hint: "give --hyp FILE and --ref FILE, or --input TABLE")
    }
    guard named.isEmpty, by == nil, options.id == nil, options.cluster == nil else {
      throw DSXError(
        .usage, "--column, --by, --id and --cluster are for tables",
        hint: "put texts and columns into one .jsonl or .csv file and give it as --input")
    }
    let sides = try ScoreSides(plan: plan, references: options.ref.count)
    reader = .lines(try ParallelLines(paths: [hyp] + options.ref))
    rows = .lines(sides, file: hyp)
  }

  /// The next examples; nil at the end.
  mutating func next() throws(DSXError) -> Block? {
    switch reader {
    case .lines(var lines):
      defer { reader = .lines(lines) }
      return try lines.next().map { .lines($0) }
    case .table(var cursor):
      defer { reader = .table(cursor) }
      return try cursor.next().map { .rows($0) }
    }
  }
}

/// Which roles the two sides of text files play.
struct ScoreSides: Sendable {
  let roles: [String]
  /// For each role whether it takes the references.
  let isReference: [Bool]
  /// For each role whether it takes several texts.
  let isList: [Bool]
  private static let references: Set = [
    "ref", "reference", "references", "gold", "target", "label", "answer", "answers",
  ]

  init(plan: ScorePlan, references: Int) throws(DSXError) {
    var roles: [String] = []
    var isReference: [Bool] = []
    var isList: [Bool] = []
    for column in plan.columns {
      let names = Set(column.names)
      let takesReference = !names.isDisjoint(with: Self.references)
      let takesHypothesis = !names.isDisjoint(with: ["hyp", "hypothesis", "pred", "prediction"])
      guard takesReference || takesHypothesis else {
        if column.isOptional { continue }
        throw DSXError(
          .usage, "the metrics need the role '\(column.role)', which text files do not have",
          hint: "give a table with --input")
      }
      // A prediction may also be called hypothesis, and a label gold: the hypothesis names decide.
      let isRef = takesReference && !takesHypothesis
      guard !isRef || references == 1 || column.kind == .texts else {
        throw DSXError(
          .usage, "the role '\(column.role)' takes one --ref, not \(references)")
      }
      roles.append(column.role)
      isReference.append(isRef)
      isList.append(column.kind == .texts)
    }
    self.roles = roles
    self.isReference = isReference
    self.isList = isList
  }
}
