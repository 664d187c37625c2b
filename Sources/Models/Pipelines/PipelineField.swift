/// A field that a task reads from a row of a data set or from a JSON object.
public struct PipelineField: Sendable, Equatable {
  /// What the field holds.
  public enum Kind: String, Sendable {
    /// A text.
    case text
    /// A text, or a list of words.
    case words
    /// An image: pixels, encoded bytes, or a path.
    case image
    /// A number.
    case number
  }

  /// The role, by which `--columns` names it: `text`, `text2`, `image`, or a feature's own name.
  public var role: String
  /// What it holds.
  public var kind: Kind
  /// Names of columns that are taken for it, in order; the first one that a row has counts.
  public var columns: [String]
  /// Whether a row must have it.
  public var isRequired: Bool

  /// A field.
  public init(_ role: String, _ kind: Kind, columns: [String], isRequired: Bool = true) {
    self.role = role
    self.kind = kind
    self.columns = columns
    self.isRequired = isRequired
  }
}
