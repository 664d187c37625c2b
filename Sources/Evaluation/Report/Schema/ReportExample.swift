public import DSXCore

/// An example to look at: a sure mistake, or one with a bad score.
public struct ReportExample: ReportPart {
  /// Its id in predictions.jsonl.
  public var id: String
  /// What the model saw, or the beginning of it (at most some hundred characters).
  public var text: String
  /// The right answer; nil where there is none (perplexity).
  public var gold: String?
  /// The model's answer.
  public var prediction: String?
  /// The number that it is chosen by.
  public var score: Double?
  /// Tokens of the example.
  public var tokens: Int?
  /// The image that the model saw, made small: a PNG file in base64.
  public var picture: String?

  /// An example.
  public init(
    id: String, text: String, gold: String? = nil, prediction: String? = nil,
    score: Double? = nil, tokens: Int? = nil, picture: String? = nil
  ) {
    self.picture = picture
    self.id = id
    self.text = text
    self.gold = gold
    self.prediction = prediction
    self.score = score
    self.tokens = tokens
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    id = try reader.identifier("id")
    text = try reader.string("text") ?? ""
    gold = try reader.string("gold")
    prediction = try reader.string("prediction")
    score = try reader.number("score")
    tokens = try reader.count("tokens")
    picture = try reader.string("picture")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("id", id)
    members.add("text", text)
    members.add("gold", gold)
    members.add("prediction", prediction)
    members.add("score", score)
    members.add("tokens", tokens)
    members.add("picture", picture)
    return members.json
  }
}

/// Examples to look at, in order.
public struct ExampleTable: ReportPart {
  /// The heading, e.g. `Surest mistakes`.
  public var title: String
  /// How they were chosen, in a sentence.
  public var note: String?
  /// What `score` is, e.g. `margin`.
  public var score: String?
  /// The examples, first to look at first.
  public var examples: [ReportExample]

  /// A table.
  public init(
    title: String, note: String? = nil, score: String? = nil, examples: [ReportExample]
  ) {
    self.title = title
    self.note = note
    self.score = score
    self.examples = examples
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    title = try reader.text("title")
    note = try reader.string("note")
    score = try reader.string("score")
    examples = try reader.parts("examples")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("title", title)
    members.add("note", note)
    members.add("score", score)
    members.add("examples", value: .array(examples.map(\.json)))
    return members.json
  }
}

/// An example without scores, and why.
public struct ReportFailure: ReportPart {
  /// What became of it.
  public enum Status: String, Sendable, CaseIterable { case failed, skipped, missing }

  /// Its id.
  public var id: String
  /// Its row in the data, from 0.
  public var row: Int?
  /// What became of it.
  public var status: Status
  /// Why.
  public var reason: String

  /// An example without scores.
  public init(id: String, row: Int? = nil, status: Status = .failed, reason: String) {
    self.id = id
    self.row = row
    self.status = status
    self.reason = reason
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    id = try reader.identifier("id")
    row = try reader.count("row")
    status = try reader.word("status") ?? .failed
    reason = try reader.string("reason") ?? ""
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("id", id)
    members.add("row", row)
    members.add("status", status.rawValue)
    members.add("reason", reason)
    return members.json
  }
}
