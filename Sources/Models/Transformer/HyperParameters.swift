internal import DSXCore

/// Typed reading of hyper-parameters; errors name the member.
struct HyperParameters {
  let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  /// A whole number from 1 to 2^22 under the first of these names that is there.
  ///
  /// Throws `malformed` for anything else, and when none is there and there is no fallback.
  func size(_ names: String..., fallback: Int? = nil) throws(DSXError) -> Int {
    for name in names {
      guard let value = json[name], !value.isNull else { continue }
      guard case .int(let number) = value, number > 0, number <= 1 << 22 else {
        throw DSXError(
          .malformed, "'\(name)' must be a whole number from 1 to \(1 << 22), not \(value.text())")
      }
      return Int(number)
    }
    if let fallback { return fallback }
    throw DSXError(.malformed, "the model's configuration lacks '\(names.first ?? "")'")
  }

  /// True or false.
  func flag(_ name: String, _ fallback: Bool) throws(DSXError) -> Bool {
    guard let value = json[name], !value.isNull else { return fallback }
    guard let flag = value.bool else {
      throw DSXError(.malformed, "'\(name)' must be true or false, not \(value.text())")
    }
    return flag
  }

  /// A positive finite number.
  func positive(_ name: String, _ fallback: Double? = nil) throws(DSXError) -> Double {
    guard let value = json[name], !value.isNull else {
      if let fallback { return fallback }
      throw DSXError(.malformed, "the model's configuration lacks '\(name)'")
    }
    guard let number = value.double, number > 0, number.isFinite else {
      throw DSXError(.malformed, "'\(name)' must be a positive number, not \(value.text())")
    }
    return number
  }

  /// The number that keeps a layer norm from dividing by 0.
  func epsilon(_ name: String, _ fallback: Double) throws(DSXError) -> Float {
    let epsilon = try positive(name, fallback)
    guard epsilon < 1 else {
      throw DSXError(.malformed, "'\(name)' must lie between 0 and 1, not \(epsilon)")
    }
    return Float(epsilon)
  }

  /// A text.
  func text(_ name: String, _ fallback: String) throws(DSXError) -> String {
    guard let value = json[name], !value.isNull else { return fallback }
    guard let text = value.string else {
      throw DSXError(.malformed, "'\(name)' must be a text, not \(value.text())")
    }
    return text
  }

  /// An object, or nil.
  func object(_ name: String) throws(DSXError) -> HyperParameters? {
    guard let value = json[name], !value.isNull else { return nil }
    guard value.object != nil else {
      throw DSXError(.malformed, "'\(name)' must be an object, not \(value.text())")
    }
    return HyperParameters(value)
  }

  /// Throws `unsupported` where a member asks for what dsx does not compute.
  func refuse(_ name: String, _ what: String) throws(DSXError) {
    guard let value = json[name], !value.isNull, value.bool != false else { return }
    throw DSXError(.unsupported, "\(what) ('\(name)') is not supported")
  }
}
