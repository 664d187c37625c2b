public import DSXCore

/// A saved position of a run.
///
/// | member of the JSON | meaning |
/// |---|---|
/// | `format`, `version` | `dsx-pipeline-state`, 1 |
/// | `pipeline` | `Pipeline.fingerprint`: it is refused by another one |
/// | `batches`, `rows` | what was handed out before it |
/// | `position` | a stage: `numbers`, `blocks` of held rows, `inputs` (stages); empty ones are left out |
/// | a block | `places` (source * 2^44 + row; null: unknown) and `columns` |
/// | a column | `type`; `values` (integers, or bit patterns of floats) or `bytes` (hexadecimal); `offsets`, `validity` where it has them |
///
/// The number of workers and stages `prefetch` are no part of it: it restores under others.
public struct PipelinePosition: Sendable {
  /// The layout that this dsx writes and reads.
  public static let version = 1

  /// The pipeline's fingerprint.
  public let pipeline: String
  /// Batches that were handed out.
  public let batches: Int
  /// Rows that were handed out.
  public let rows: Int
  let state: PipelineState

  init(pipeline: String, batches: Int, rows: Int, state: PipelineState) {
    self.pipeline = pipeline
    self.batches = batches
    self.rows = rows
    self.state = state
  }

  /// The position as JSON.
  public var json: JSONValue {
    [
      "format": "dsx-pipeline-state", "version": .int(Int64(Self.version)),
      "pipeline": .string(pipeline), "batches": .int(Int64(batches)), "rows": .int(Int64(rows)),
      "position": state.json,
    ]
  }

  /// Reads a position. Throws `malformed` when it is none, `unsupported` for another version.
  public init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-pipeline-state" else {
      throw DSXError(.malformed, "this is no saved position of a pipeline")
    }
    guard json["version"]?.int == Self.version else {
      throw DSXError(
        .unsupported, "the saved position's version is not \(Self.version)",
        hint: "it was written by another version of dsx")
    }
    guard let pipeline = json["pipeline"]?.string, let batches = json["batches"]?.int,
      let rows = json["rows"]?.int, let position = json["position"], batches >= 0, rows >= 0
    else { throw PipelineState.incomplete }
    self.pipeline = pipeline
    self.batches = batches
    self.rows = rows
    state = try PipelineState(json: position)
  }
}

extension PipelinePosition: Codable {
  /// Writes the JSON of `json` as one string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(json.text())
  }

  /// Reads what `encode` wrote.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    try self.init(json: try JSONParser.parse(text))
  }
}
