public import DSXCore

/// A part of report.json: it reads and writes itself (docs/report-schema.md).
public protocol ReportPart: Sendable, Equatable {
  /// Reads the part. Members that are not known are passed over, so that an older dsx reads what a
  /// newer one wrote; a member of the wrong type is `malformed`, with its path.
  init(_ reader: ReportReader) throws(DSXError)
  /// The part as it stands in the file.
  var json: JSONValue { get }
}

/// Reads the members of one object of report.json. Absent and `null` mean the same: not known.
public struct ReportReader {
  /// The object.
  public let value: JSONValue
  /// Where it stands, e.g. `results[2]`; empty for the whole report.
  public let path: String

  /// A reader of an object.
  public init(_ value: JSONValue, path: String = "") throws(DSXError) {
    self.value = value
    self.path = path
    guard value.object != nil else { throw Self.fault(path, "no object") }
  }

  /// The member, or nil where it is absent or `null`.
  public func member(_ name: String) -> JSONValue? {
    guard let value = value[name], !value.isNull else { return nil }
    return value
  }

  /// A string.
  public func string(_ name: String) throws(DSXError) -> String? {
    guard let value = member(name) else { return nil }
    guard let text = value.string else { throw fault(name, "no string") }
    return text
  }

  /// A string that must be there.
  public func text(_ name: String) throws(DSXError) -> String {
    guard let text = try string(name) else { throw fault(name, "missing") }
    return text
  }

  /// An example's id: a string or an integer.
  public func identifier(_ name: String) throws(DSXError) -> String {
    if let number = member(name)?.int { return String(number) }
    return try text(name)
  }

  /// An integer.
  public func int(_ name: String) throws(DSXError) -> Int? {
    guard let value = member(name) else { return nil }
    guard let number = value.int else { throw fault(name, "no integer") }
    return number
  }

  /// A count: an integer that is not negative.
  public func count(_ name: String) throws(DSXError) -> Int? {
    guard let number = try int(name) else { return nil }
    guard number >= 0 else { throw fault(name, "negative") }
    return number
  }

  /// A number; `"NaN"`, `"Infinity"` and `"-Infinity"` are numbers too.
  public func number(_ name: String) throws(DSXError) -> Double? {
    guard let value = member(name) else { return nil }
    guard let number = Self.number(value) else { throw fault(name, "no number") }
    return number
  }

  /// A number that must be there.
  public func needed(_ name: String) throws(DSXError) -> Double {
    guard let number = try number(name) else { throw fault(name, "missing") }
    return number
  }

  /// A truth value.
  public func flag(_ name: String) throws(DSXError) -> Bool? {
    guard let value = member(name) else { return nil }
    guard let flag = value.bool else { throw fault(name, "neither true nor false") }
    return flag
  }

  /// An object of free members.
  public func object(_ name: String) throws(DSXError) -> JSONValue? {
    guard let value = member(name) else { return nil }
    guard value.object != nil else { throw fault(name, "no object") }
    return value
  }

  /// The elements of an array; an absent one is empty.
  public func elements(_ name: String) throws(DSXError) -> [JSONValue] {
    guard let value = member(name) else { return [] }
    guard let elements = value.array else { throw fault(name, "no array") }
    return elements
  }

  /// An array of strings.
  public func strings(_ name: String) throws(DSXError) -> [String] {
    var strings: [String] = []
    for element in try elements(name) {
      guard let text = element.string else { throw fault(name, "no array of strings") }
      strings.append(text)
    }
    return strings
  }

  /// An array of numbers.
  public func numbers(_ name: String) throws(DSXError) -> [Double] {
    var numbers: [Double] = []
    for element in try elements(name) {
      guard let number = Self.number(element) else { throw fault(name, "no array of numbers") }
      numbers.append(number)
    }
    return numbers
  }

  /// An array of counts.
  public func counts(_ name: String) throws(DSXError) -> [Int] {
    var counts: [Int] = []
    for element in try elements(name) {
      guard let count = element.int, count >= 0 else { throw fault(name, "no array of counts") }
      counts.append(count)
    }
    return counts
  }

  /// A part.
  public func part<Part: ReportPart>(_ name: String) throws(DSXError) -> Part? {
    guard let value = member(name) else { return nil }
    return try Part(try ReportReader(value, path: place(name)))
  }

  /// An array of parts; an absent one is empty.
  public func parts<Part: ReportPart>(_ name: String) throws(DSXError) -> [Part] {
    var parts: [Part] = []
    for (index, element) in try elements(name).enumerated() {
      parts.append(try Part(try ReportReader(element, path: place("\(name)[\(index)]"))))
    }
    return parts
  }

  /// One of the words of an enumeration.
  public func word<Word: RawRepresentable & CaseIterable>(_ name: String) throws(DSXError) -> Word?
  where Word.RawValue == String {
    guard let text = try string(name) else { return nil }
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw fault(name, "'\(text)', which is none of \(known)")
    }
    return word
  }

  /// What to throw where a member is not what it should be.
  public func fault(_ name: String, _ problem: String) -> DSXError {
    Self.fault(place(name), problem)
  }

  private func place(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

  private static func fault(_ path: String, _ problem: String) -> DSXError {
    DSXError(
      .malformed, "\(path.isEmpty ? "the report" : "'\(path)'") is \(problem)",
      hint: "docs/report-schema.md says what a report.json holds")
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value.string {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: value.double
    }
  }
}
