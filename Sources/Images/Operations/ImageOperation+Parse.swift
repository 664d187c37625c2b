public import DSXCore

extension ImageOperation {
  /// One line of the table of operations.
  public struct Entry: Sendable {
    /// The name in recipes.
    public let name: String
    /// The parameters that it takes, those in brackets with a default.
    public let parameters: [String]
    /// What it does, one sentence.
    public let summary: String
  }

  /// All operations that recipes can name.
  public static let table: [Entry] = [
    Entry(
      name: "resize", parameters: ["width", "height", "size", "[filter]"],
      summary: "to width x height, or size x size"),
    Entry(
      name: "resize-shorter", parameters: ["size", "[filter]"],
      summary: "the shorter side to size, the longer one in proportion"),
    Entry(
      name: "centre-crop", parameters: ["width", "height", "size"],
      summary: "the middle width x height, or size x size"),
    Entry(
      name: "random-crop", parameters: ["width", "height", "size"],
      summary: "width x height from anywhere"),
    Entry(
      name: "random-flip", parameters: ["[probability]"],
      summary: "mirrored left to right, half of the time by default"),
    Entry(name: "grey", parameters: [], summary: "one channel instead of three"),
  ]

  /// The operation that a recipe names, with its parameters as a JSON object (null is none).
  ///
  /// Sizes are whole numbers of pixels; `filter` is nearest, bilinear (the default) or bicubic;
  /// `probability` lies between 0 and 1. Throws `unknownName` for another name, listing those that
  /// exist, `usage` for parameters that are missing, unknown or of another kind.
  public static func parse(_ name: String, _ parameters: JSONValue = .null) throws(DSXError)
    -> ImageOperation
  {
    guard let entry = table.first(where: { $0.name == name }) else {
      let names = table.map(\.name)
      let nearest = NearestName.find(name, in: names).map { "did you mean '\($0)'? " } ?? ""
      throw DSXError(
        .unknownName, "there is no image operation '\(name)'",
        hint: nearest + "there are: " + names.joined(separator: ", "))
    }
    let values = try ImageParameters(name, parameters, allowed: entry.parameters)
    switch name {
    case "resize":
      let size = try values.size()
      return .resize(width: size.width, height: size.height, try values.filter())
    case "resize-shorter":
      return .resizeShorter(size: try values.side("size"), try values.filter())
    case "centre-crop":
      let size = try values.size()
      return .centreCrop(width: size.width, height: size.height)
    case "random-crop":
      let size = try values.size()
      return .randomCrop(width: size.width, height: size.height)
    case "random-flip":
      return .randomFlip(probability: try values.number("probability", in: 0...1) ?? 0.5)
    default: return .grey
    }
  }
}
