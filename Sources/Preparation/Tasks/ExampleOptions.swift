internal import DSXCore
internal import Jobs

/// What the tasks that make one row of each example are asked beside the options of every task.
public struct ExampleOptions: Hashable, Sendable {
  /// Demonstrations in front of each example: `zero` is 0, `one` is 1; TNEWS' `few` is 6, CMRC's
  /// `five` is 5.
  public var shots: Int?
  /// The file that demonstrations come from: CMRC2018's train.json, for TNEWS another file of its form.
  public var train: String?
  /// TNEWS' labels.json; nil takes the fifteen labels of the data set.
  public var labels: String?
  /// TNEWS: labels that each row compares, the true one among them; nil takes all of them.
  public var candidates: Int?
  /// The seed of demonstrations and candidates; nil takes the original scripts' (2 and 666).
  public var seed: UInt64?
  /// CMRC2018: how many articles, and how many questions of each, are taken; nil takes all.
  public var articles: Int?
  /// See `articles`.
  public var questions: Int?
  /// CMRC2018: ids that are left free in a row for the answer.
  public var answerTokens = 32

  /// The defaults.
  public init() {}

  /// For the plan: files as their hashes. Throws `io` for one that cannot be read.
  func json() throws(DSXError) -> JSONValue {
    func hash(_ path: String?) throws(DSXError) -> JSONValue {
      guard let path else { return .null }
      return .string(try FileFingerprint.of(path: path).sha256)
    }
    func number(_ value: Int?) -> JSONValue { value.map { .int(Int64($0)) } ?? .null }
    return [
      "shots": number(shots), "train_sha256": try hash(train), "labels_sha256": try hash(labels),
      "candidates": number(candidates), "seed": seed.map { .string(String($0)) } ?? .null,
      "articles": number(articles), "questions": number(questions),
      "answer_tokens": .int(Int64(answerTokens)),
    ]
  }
}
