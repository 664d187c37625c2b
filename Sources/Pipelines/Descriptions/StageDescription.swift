public import DSXCore

/// A stage as a recipe writes it: a name and arguments that were parsed already.
public struct StageDescription: Sendable {
  /// One argument.
  public struct Argument: Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: JSONValue
    /// The line that it stands in, from 1, if known.
    public var line: Int?

    /// An argument.
    public init(_ name: String, _ value: JSONValue, line: Int? = nil) {
      self.name = name
      self.value = value
      self.line = line
    }
  }

  /// The stage's name.
  public var name: String
  /// The arguments, in order.
  public var arguments: [Argument]
  /// A value without a name, as in `take: 100`: it stands for the stage's first argument.
  public var short: JSONValue?
  /// The recipe.
  public var file: String?
  /// The line that the stage stands in, from 1.
  public var line: Int?

  /// A stage.
  public init(
    _ name: String, arguments: [Argument] = [], short: JSONValue? = nil, file: String? = nil,
    line: Int? = nil
  ) {
    self.name = name
    self.arguments = arguments
    self.short = short
    self.file = file
    self.line = line
  }

  /// A stage from JSON: an object of arguments, null for none, or anything else as the short form.
  public init(_ name: String, json: JSONValue, file: String? = nil, line: Int? = nil) {
    switch json {
    case .object(let members):
      self.init(
        name, arguments: members.map { Argument($0.name, $0.value, line: line) }, file: file,
        line: line)
    case .null: self.init(name, file: file, line: line)
    default: self.init(name, short: json, file: file, line: line)
    }
  }

  /// All arguments as the value of one, unless that one stands there itself with an object.
  func wrapped(_ name: String) -> StageDescription {
    if arguments.isEmpty { return self }
    if arguments.count == 1, arguments[0].name == name, arguments[0].value.object != nil {
      return self
    }
    var copy = self
    let members = arguments.map { JSONValue.Member($0.name, $0.value) }
    copy.arguments = [Argument(name, .object(members), line: arguments[0].line)]
    return copy
  }

  /// An error at this stage, or at one of its arguments.
  public func located(_ error: DSXError, argument: String? = nil) -> DSXError {
    var error = error
    if error.location.file == nil { error.location.file = file }
    if error.location.line == nil, error.location.file == file {
      error.location.line = arguments.first { $0.name == argument }?.line ?? line
    }
    return error
  }

  /// Throws for an argument outside `known`, with the nearest name; the short form becomes the first one.
  public func normal(_ known: [String]) throws(DSXError) -> StageArguments {
    var copy = self
    if let short {
      guard let main = known.first else {
        throw located(DSXError(.malformed, "the stage '\(name)' takes no argument"))
      }
      copy.arguments = [Argument(main, short, line: line)]
    }
    for argument in copy.arguments where !known.contains(argument.name) {
      throw located(
        DSXError.unknown("argument of the stage '\(name)':", argument.name, known: known),
        argument: argument.name)
    }
    return StageArguments(stage: copy)
  }
}

/// The arguments of a stage, all of them known.
public struct StageArguments: Sendable {
  let stage: StageDescription

  /// The value of an argument; nil when it is not there or null.
  public subscript(_ name: String) -> JSONValue? {
    guard let value = stage.arguments.first(where: { $0.name == name })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// An error about an argument.
  public func fault(_ name: String, _ message: String) -> DSXError {
    stage.located(DSXError(.malformed, message), argument: name)
  }

  private func wrong(_ name: String, _ wanted: String) -> DSXError {
    fault(name, "'\(name)' of the stage '\(stage.name)' is not \(wanted)")
  }

  /// A whole number.
  public func integer(_ name: String) throws(DSXError) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = value.int else { throw wrong(name, "a whole number") }
    return number
  }

  /// A whole number that must be there.
  public func required(_ name: String) throws(DSXError) -> Int {
    guard let number = try integer(name) else { throw missing(name) }
    return number
  }

  func missing(_ name: String) -> DSXError {
    stage.located(DSXError(.malformed, "the stage '\(stage.name)' lacks '\(name)'"))
  }

  /// A number.
  public func number(_ name: String) throws(DSXError) -> Double? {
    guard let value = self[name] else { return nil }
    guard let number = value.double else { throw wrong(name, "a number") }
    return number
  }

  /// true or false.
  public func bool(_ name: String) throws(DSXError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard let bool = value.bool else { throw wrong(name, "true or false") }
    return bool
  }

  /// A text.
  public func text(_ name: String) throws(DSXError) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = value.string else { throw wrong(name, "a text") }
    return text
  }

  /// A text that must be there.
  public func requiredText(_ name: String) throws(DSXError) -> String {
    guard let text = try text(name) else { throw missing(name) }
    return text
  }

  /// A list of texts, or one text alone.
  public func texts(_ name: String) throws(DSXError) -> [String]? {
    guard let value = self[name] else { return nil }
    if let text = value.string { return [text] }
    let list = value.array ?? []
    let texts = list.compactMap(\.string)
    guard !texts.isEmpty, texts.count == list.count else {
      throw wrong(name, "a list of texts")
    }
    return texts
  }

  /// A list of texts that must be there.
  public func requiredTexts(_ name: String) throws(DSXError) -> [String] {
    guard let texts = try texts(name) else { throw missing(name) }
    return texts
  }

  /// A list of whole numbers that must be there.
  public func requiredIntegers(_ name: String) throws(DSXError) -> [Int] {
    guard let value = self[name] else { throw missing(name) }
    let list = value.array ?? []
    let numbers = list.compactMap(\.int)
    guard !numbers.isEmpty, numbers.count == list.count else {
      throw wrong(name, "a list of whole numbers")
    }
    return numbers
  }

  /// One of the cases of an enumeration.
  public func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _: Choice.Type)
    throws(DSXError) -> Choice? where Choice.RawValue == String
  {
    guard let text = try text(name) else { return nil }
    guard let value = Choice(rawValue: text) else {
      throw stage.located(
        DSXError.unknown(name, text, known: Choice.allCases.map(\.rawValue)), argument: name)
    }
    return value
  }
}
