internal import DSXCore

/// The parameters of one operation of a recipe, checked as they are asked for.
struct ImageParameters {
  private let name: String
  private let members: [JSONValue.Member]

  /// Throws `usage` for what is no object, and for members that are not allowed or come twice.
  init(_ name: String, _ value: JSONValue, allowed: [String]) throws(DSXError) {
    self.name = name
    guard let members = value.isNull ? [] : value.object else {
      throw DSXError(.usage, "the parameters of '\(name)' are no mapping")
    }
    self.members = members
    let known = allowed.map { String(decoding: $0.utf8.filter { $0 != 0x5b && $0 != 0x5d }, as: UTF8.self) }
    var seen: Set<String> = []
    for member in members {
      guard known.contains(member.name) else {
        throw DSXError(
          .usage, "'\(name)' has no parameter '\(member.name)'",
          hint: known.isEmpty ? "it has none" : "it has: " + known.joined(separator: ", "))
      }
      guard seen.insert(member.name).inserted else {
        throw DSXError(.usage, "'\(name)' has the parameter '\(member.name)' twice")
      }
    }
  }

  subscript(_ key: String) -> JSONValue? { members.first { $0.name == key }?.value }

  /// A side in pixels. Throws `usage` where it is missing or none.
  func side(_ key: String) throws(DSXError) -> Int {
    guard let value = self[key]?.int, (1...ImageResizer.maximumSide).contains(value) else {
      throw DSXError(
        .usage, "'\(name)' needs '\(key)', a number of pixels from 1 to \(ImageResizer.maximumSide)")
    }
    return value
  }

  /// `width` and `height`, or `size` for both.
  func size() throws(DSXError) -> (width: Int, height: Int) {
    if self["size"] != nil {
      guard self["width"] == nil, self["height"] == nil else {
        throw DSXError(.usage, "'\(name)' takes either 'size', or 'width' and 'height'")
      }
      let side = try side("size")
      return (side, side)
    }
    return (try side("width"), try side("height"))
  }

  func filter() throws(DSXError) -> ResampleFilter {
    guard let value = self["filter"] else { return .bilinear }
    guard let filter = value.string.flatMap(ResampleFilter.init(rawValue:)) else {
      let known = ResampleFilter.allCases.map(\.rawValue).joined(separator: ", ")
      throw DSXError(.usage, "'\(name)' has no such 'filter'", hint: "there are: \(known)")
    }
    return filter
  }

  /// A number within bounds; nil where it is missing.
  func number(_ key: String, in bounds: ClosedRange<Double>) throws(DSXError) -> Double? {
    guard let value = self[key] else { return nil }
    guard let number = value.double, bounds.contains(number) else {
      throw DSXError(
        .usage, "'\(name)' needs '\(key)' between \(bounds.lowerBound) and \(bounds.upperBound)")
    }
    return number
  }

  /// A list of numbers, or one number; nil where it is missing.
  func numbers(_ key: String) throws(DSXError) -> [Double]? {
    guard let value = self[key] else { return nil }
    let list = value.array ?? [value]
    let numbers = list.compactMap(\.double).filter(\.isFinite)
    guard !numbers.isEmpty, numbers.count == list.count else {
      throw DSXError(.usage, "'\(name)' needs '\(key)', a number or a list of numbers")
    }
    return numbers
  }
}
