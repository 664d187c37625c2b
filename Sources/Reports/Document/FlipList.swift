/// Answers that are other ones than before; the page marks the differing words.
public struct FlipList: Sendable, Equatable {
  /// One answer.
  public struct Flip: Sendable, Equatable {
    /// The example's id.
    public var id: String
    /// Where it comes from, e.g. a data set; nil: all are of one.
    public var place: String?
    /// The text that the model saw, or a part of it.
    public var text: String
    /// The right answer.
    public var gold: String
    /// The answer before and now.
    public var before: String
    /// The new answer.
    public var now: String
    /// Good: right now; bad: wrong now; neutral: wrong both times.
    public var status: Status

    /// A flip.
    public init(
      id: String, place: String? = nil, text: String, gold: String, before: String, now: String,
      status: Status
    ) {
      self.id = id
      self.place = place
      self.text = text
      self.gold = gold
      self.before = before
      self.now = now
      self.status = status
    }

    /// Which way, in words.
    var direction: String {
      switch status {
      case .bad: "now wrong"
      case .good: "now right"
      default: "still wrong"
      }
    }
  }

  /// The flips, in the order to show.
  public var flips: [Flip]

  /// A list.
  public init(_ flips: [Flip]) { self.flips = flips }
}
