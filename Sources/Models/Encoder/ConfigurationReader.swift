internal import DSXCore

/// Reads hyper-parameters from a `config.json`, each checked and with its name in the error.
struct ConfigurationReader {
  private let config: JSONValue

  init(_ config: JSONValue) { self.config = config }

  /// A member that is there and not null.
  subscript(_ name: String) -> JSONValue? {
    guard let value = config[name], !value.isNull else { return nil }
    return value
  }

  /// A size of at least 1; without `fallback` it must be there.
  func size(_ name: String, _ fallback: Int? = nil, most: Int = 1 << 22) throws(DSXError) -> Int {
    guard let value = self[name] else {
      if let fallback { return fallback }
      throw DSXError(.malformed, "the model's configuration lacks '\(name)'")
    }
    guard let number = value.int, (1...most).contains(number) else {
      throw DSXError(
        .malformed, "'\(name)' must be a whole number from 1 to \(most), not \(value.text())")
    }
    return number
  }

  /// A number of at least 0.
  func count(_ name: String, _ fallback: Int) throws(DSXError) -> Int {
    guard let value = self[name] else { return fallback }
    guard let number = value.int, (0...1 << 22).contains(number) else {
      throw DSXError(
        .malformed, "'\(name)' must be a whole number from 0 to \(1 << 22), not \(value.text())")
    }
    return number
  }

  /// One size, or a list of two (height, width).
  func sides(_ name: String, _ fallback: Int) throws(DSXError) -> (height: Int, width: Int) {
    guard let list = self[name]?.array else {
      let side = try size(name, fallback, most: 1 << 16)
      return (side, side)
    }
    guard list.count == 2, let height = list[0].int, let width = list[1].int,
      (1...1 << 16).contains(height), (1...1 << 16).contains(width)
    else { throw DSXError(.malformed, "'\(name)' must be one size or a list of two") }
    return (height, width)
  }

  func flag(_ name: String, _ fallback: Bool) throws(DSXError) -> Bool {
    guard let value = self[name] else { return fallback }
    guard let flag = value.bool else {
      throw DSXError(.malformed, "'\(name)' must be true or false, not \(value.text())")
    }
    return flag
  }

  /// The number that keeps a layer norm from dividing by 0.
  func epsilon(_ name: String, _ fallback: Double) throws(DSXError) -> Float {
    guard let value = self[name] else { return Float(fallback) }
    guard let epsilon = value.double, epsilon > 0, epsilon < 1 else {
      throw DSXError(.malformed, "'\(name)' must lie between 0 and 1, not \(value.text())")
    }
    return Float(epsilon)
  }

  func activation(_ name: String, _ fallback: Activation) throws(DSXError) -> Activation {
    guard let value = self[name] else { return fallback }
    return try Activation(named: value.string ?? value.text())
  }

  /// Throws `unsupported` for a member that says anything else.
  func refuse(_ name: String, unless allowed: String) throws(DSXError) {
    guard let value = self[name], value.string != allowed else { return }
    throw DSXError(
      .unsupported, "'\(name)' \(value.text()) is not supported", hint: "only \(allowed) is")
  }
}
