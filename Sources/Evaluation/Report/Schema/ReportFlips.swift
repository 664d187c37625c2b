public import DSXCore

/// Examples whose answer is another one than the baseline's.
public struct ReportFlips: ReportPart {
  /// Right before and wrong now; counts are over all flips.
  public var rightToWrong: Int
  /// Wrong before and right now.
  public var wrongToRight: Int
  /// Wrong both times, with another answer.
  public var otherwise: Int
  /// The first of them; right to wrong first.
  public var rows: [ReportFlip]
  /// The file beside report.json that holds all of them, e.g. `flips.jsonl`.
  public var file: String?

  /// Flips.
  public init(
    rightToWrong: Int, wrongToRight: Int, otherwise: Int = 0, rows: [ReportFlip],
    file: String? = nil
  ) {
    self.rightToWrong = rightToWrong
    self.wrongToRight = wrongToRight
    self.otherwise = otherwise
    self.rows = rows
    self.file = file
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    rightToWrong = try reader.count("right_to_wrong") ?? 0
    wrongToRight = try reader.count("wrong_to_right") ?? 0
    otherwise = try reader.count("otherwise") ?? 0
    rows = try reader.parts("rows")
    file = try reader.string("file")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("right_to_wrong", rightToWrong)
    members.add("wrong_to_right", wrongToRight)
    members.add("otherwise", otherwise)
    members.add("file", file)
    members.add("rows", value: .array(rows.map(\.json)))
    return members.json
  }
}

/// One example whose answer changed.
public struct ReportFlip: ReportPart {
  /// Which way.
  public enum Direction: String, Sendable, CaseIterable {
    case rightToWrong = "right to wrong"
    case wrongToRight = "wrong to right"
    case otherwise
  }

  /// The cell, in a night's report.
  public var cell: String?
  /// The example's id.
  public var id: String
  /// Which way.
  public var direction: Direction
  /// What the model saw, or the beginning of it.
  public var text: String
  /// The right answer.
  public var gold: String?
  /// The baseline's answer.
  public var before: String
  /// The new answer.
  public var now: String
  /// The baseline's score of the example, where answers are more or less right.
  public var scoreBefore: Double?
  /// The new score of the example.
  public var scoreNow: Double?

  /// A flip.
  public init(
    cell: String? = nil, id: String, direction: Direction, text: String, gold: String? = nil,
    before: String, now: String, scoreBefore: Double? = nil, scoreNow: Double? = nil
  ) {
    self.cell = cell
    self.id = id
    self.direction = direction
    self.text = text
    self.gold = gold
    self.before = before
    self.now = now
    self.scoreBefore = scoreBefore
    self.scoreNow = scoreNow
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    cell = try reader.string("cell")
    id = try reader.identifier("id")
    direction = try reader.word("direction") ?? .otherwise
    text = try reader.string("text") ?? ""
    gold = try reader.string("gold")
    before = try reader.string("baseline_prediction") ?? ""
    now = try reader.string("prediction") ?? ""
    scoreBefore = try reader.number("baseline_score")
    scoreNow = try reader.number("score")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("cell", cell)
    members.add("id", id)
    members.add("direction", direction.rawValue)
    members.add("text", text)
    members.add("gold", gold)
    members.add("baseline_prediction", before)
    members.add("prediction", now)
    members.add("baseline_score", scoreBefore)
    members.add("score", scoreNow)
    return members.json
  }
}
