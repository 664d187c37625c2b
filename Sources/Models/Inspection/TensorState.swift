/// A tensor of a model: what the architecture wants, and what the file holds.
public struct TensorState: Sendable, Equatable {
  /// What came of comparing both.
  public enum Finding: String, Sendable, CaseIterable {
    /// There, with the shape that is wanted.
    case found
    /// Wanted, and not there.
    case missing
    /// There, with another shape.
    case shape
    /// There, in a type that holds no floats.
    case type
    /// There, and the architecture has no place for it.
    case unused
    /// There, not used, and known to mean nothing (e.g. a mask or a counter).
    case passedOver = "passed-over"
    /// There and wanted, but some of its values are not finite.
    case notFinite = "not-finite"

    /// Whether the model cannot work with it.
    public var isProblem: Bool { self != .found && self != .passedOver }
  }

  /// Its name.
  public var name: String
  /// The finding.
  public var finding: Finding
  /// The shape that the architecture asks for; nil where it asks for any, or for nothing.
  public var wanted: [Int]?
  /// The shape in the file.
  public var stored: [Int]?
  /// The element type in the file: `f16`.
  public var type: String?

  /// One line: `missing  h.0.attn.c_attn.weight  wanted [768, 2304]`.
  public var text: String {
    var parts = [finding.rawValue, name]
    if let wanted, finding != .found { parts.append("wanted \(wanted)") }
    if let stored { parts.append("stored \(stored)") }
    if let type { parts.append(type) }
    return parts.joined(separator: "  ")
  }
}
