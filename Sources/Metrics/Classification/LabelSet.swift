public import DSXCore

/// The declared labels of a classification task, in order. Scores over labels range over these,
/// whether they occur or not.
public struct LabelSet: Sendable, Equatable, Codable {
  /// The names, in the declared order.
  public let names: [String]
  private let places: [ExactText: Int]

  /// Labels. None, an empty name or a name twice is an error.
  public init(_ names: [String]) throws(DSXError) {
    guard !names.isEmpty else {
      throw DSXError(.malformed, "no label is declared", hint: "a task needs at least one label")
    }
    guard names.count <= Self.maximumCount else {
      throw DSXError(
        .unsupported, "\(names.count) labels are declared, the limit is \(Self.maximumCount)")
    }
    var places: [ExactText: Int] = [:]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else {
        throw DSXError(.malformed, "label number \(index + 1) has an empty name")
      }
      guard places.updateValue(index, forKey: ExactText(name)) == nil else {
        throw DSXError(.malformed, "the label '\(name)' is declared twice")
      }
    }
    self.names = names
    self.places = places
  }

  /// The largest number of labels: a confusion matrix over them takes 128 MiB.
  public static let maximumCount = 4096

  /// Number of labels.
  public var count: Int { names.count }

  /// The place of a label; an unknown one is an error that names the nearest.
  public func index(of name: String) throws(DSXError) -> Int {
    if let index = places[ExactText(name)] { return index }
    var hint = "the task declares \(count): " + names.prefix(20).joined(separator: ", ")
    if count > 20 { hint += ", ..." }
    if let near = NearestName.find(name, in: names) { hint = "did you mean '\(near)'? " + hint }
    throw DSXError(.malformed, "the label '\(name)' is not among the declared ones", hint: hint)
  }

  /// A gold and a predicted label, by name.
  public func pair(gold: String, predicted: String) throws(DSXError) -> LabelPair {
    LabelPair(gold: try index(of: gold), predicted: try index(of: predicted))
  }

  /// Whether both declare the same names in the same order, byte by byte.
  public static func == (left: LabelSet, right: LabelSet) -> Bool {
    left.names.hasBytes(of: right.names)
  }

  /// Reads the names.
  public init(from decoder: any Decoder) throws {
    let names = try [String](from: decoder)
    self = try LabelSet(names)
  }

  /// Writes the names.
  public func encode(to encoder: any Encoder) throws { try names.encode(to: encoder) }
}

/// What classification metrics take from one example: places in the declared labels.
public struct LabelPair: Sendable, Hashable {
  /// The true label's place.
  public var gold: Int
  /// The model's label's place.
  public var predicted: Int

  /// A pair.
  public init(gold: Int, predicted: Int) {
    self.gold = gold
    self.predicted = predicted
  }
}
