internal import DSXCore
internal import Images

/// Typed reading of an image preprocessor's fields; errors name the field and the file.
struct PreprocessorFields {
  let value: JSONValue
  let file: String
  /// What goes before a field's name in messages.
  var prefix = ""

  /// Where a resize goes.
  enum Size {
    case exact((height: Int, width: Int))
    case shorter(Int)
  }

  /// Whether a step is taken: true or false, `fallback` where the file does not name it; null is no, as
  /// in transformers.
  func step(_ name: String, _ fallback: Bool) throws(DSXError) -> Bool {
    guard value[name] != nil else { return fallback }
    return try flag(name) ?? false
  }

  func flag(_ name: String) throws(DSXError) -> Bool? {
    guard let part = part(name) else { return nil }
    guard let flag = part.bool else { throw wrong(name, "true or false") }
    return flag
  }

  /// A number, or a fraction as text: `1/255`.
  func number(_ name: String) throws(DSXError) -> Float? {
    guard let part = part(name) else { return nil }
    var number = part.double
    if let text = part.string {
      let parts = text.utf8.split(separator: UInt8(ascii: "/")).map {
        Double(String(decoding: $0, as: UTF8.self))
      }
      if parts.count == 2, let above = parts[0], let below = parts[1] {
        number = above / below
      } else {
        number = parts.count == 1 ? parts[0] : nil
      }
    }
    guard let number, number.isFinite, Float(number).isFinite else {
      throw wrong(name, "a number, or a fraction as text")
    }
    return Float(number)
  }

  /// One number, or one for each channel.
  func numbers(_ name: String) throws(DSXError) -> [Float]? {
    guard let part = part(name) else { return nil }
    let values = (part.array ?? [part]).map(\.double)
    let floats = values.compactMap { $0 }.map { Float($0) }
    guard floats.count == values.count, !floats.isEmpty, floats.allSatisfy(\.isFinite) else {
      throw wrong(name, "a number, or one for each channel")
    }
    return floats
  }

  /// `224`, `[224, 224]`, `{"height": 224, "width": 224}` or `{"shortest_edge": 256}`; one number is the
  /// shorter side or a square.
  func size(_ name: String, isShorter: Bool) throws(DSXError) -> Size? {
    guard let part = part(name) else { return nil }
    let wanted = "a number of pixels, or a height and a width"
    func side(_ value: JSONValue?) throws(DSXError) -> Int {
      guard let side = value?.int, side >= 1, side <= ImageResizer.maximumSide else {
        throw wrong(name, wanted)
      }
      return side
    }
    if let list = part.array {
      guard list.count == 2 else { throw wrong(name, wanted) }
      return .exact((try side(list[0]), try side(list[1])))
    }
    guard let members = part.object else {
      let side = try side(part)
      return isShorter ? .shorter(side) : .exact((side, side))
    }
    let names = members.filter { !$0.value.isNull }.map(\.name)
    let isShorter = names.contains("shortest_edge")
    for other in names where !(isShorter ? ["shortest_edge"] : ["height", "width"]).contains(other)
    {
      throw DSXError(
        .unsupported, "'\(prefix)\(name)' has '\(other)', by which dsx resizes no image",
        file: file,
        hint: "give 'height' and 'width', or 'shortest_edge' alone")
    }
    if isShorter { return .shorter(try side(part["shortest_edge"])) }
    return .exact((try side(part["height"]), try side(part["width"])))
  }

  /// A resampling filter, by Pillow's number or by name.
  func filter(_ name: String) throws(DSXError) -> ResampleFilter? {
    guard let part = part(name) else { return nil }
    switch (part.int, part.string) {
    case (0, _): return .nearest
    case (2, _): return .bilinear
    case (3, _): return .bicubic
    case (_, let text?):
      if let filter = ResampleFilter(rawValue: text) { return filter }
    default: break
    }
    throw wrong(name, "0 (nearest), 2 (bilinear) or 3 (bicubic)")
  }

  func wrong(_ name: String, _ wanted: String) -> DSXError {
    DSXError(
      .malformed,
      "'\(prefix)\(name)' must be \(wanted), not \((value[name] ?? .null).text())", file: file)
  }

  private func part(_ name: String) -> JSONValue? {
    guard let part = value[name], !part.isNull else { return nil }
    return part
  }
}
