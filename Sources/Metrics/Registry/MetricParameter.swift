public import DSXCore

/// One setting of a metric.
public struct MetricParameter: Sendable, Equatable {
  /// The values that it takes.
  public enum Kind: Sendable, Equatable {
    /// `true` or `false`.
    case flag
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A finite number.
    case number(ClosedRange<Double>)
    /// One of these words.
    case choice([String])
    /// Any text.
    case text
    /// Words; on the command line joined by commas.
    case list
  }

  /// Its name, lower case, words joined by `-`.
  public let name: String
  /// The values that it takes.
  public let kind: Kind
  /// Its default; nil when the metric does without a value.
  public let defaultValue: JSONValue?
  /// One sentence without a full stop.
  public let summary: String

  /// A setting.
  public init(_ name: String, _ kind: Kind, default defaultValue: JSONValue?, _ summary: String) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.summary = summary
  }

  /// The value of a command line's word.
  public func value(parsing text: String) throws(DSXError) -> JSONValue {
    switch kind {
    case .flag:
      guard let flag = ["true": true, "yes": true, "false": false, "no": false][text] else {
        throw fault("'\(text)' is neither true nor false")
      }
      return .bool(flag)
    case .integer:
      guard let number = Int64(text) else { throw fault("'\(text)' is no whole number") }
      return try checked(.int(number))
    case .number:
      guard let number = Double(text) else { throw fault("'\(text)' is no number") }
      return try checked(.double(number))
    case .choice, .text: return try checked(.string(text))
    case .list:
      return .array(
        text.isEmpty
          ? []
          : text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
            .string(String(decoding: $0, as: UTF8.self))
          })
    }
  }

  /// The same value if the setting takes it.
  public func checked(_ value: JSONValue) throws(DSXError) -> JSONValue {
    switch kind {
    case .flag: if value.bool != nil { return value }
    case .integer(let range):
      if let number = value.int {
        if range.contains(number) { return .int(Int64(number)) }
        throw fault("\(number) is outside \(range.lowerBound) to \(range.upperBound)")
      }
    case .number(let range):
      if let number = value.double, number.isFinite {
        if range.contains(number) { return .double(number) }
        throw fault("\(number) is outside \(range.lowerBound) to \(range.upperBound)")
      }
    case .choice(let words):
      if let word = value.string {
        if words.contains(word) { return value }
        var hint = "it takes " + words.joined(separator: ", ")
        if let near = NearestName.find(word, in: words) { hint = "did you mean '\(near)'? " + hint }
        throw fault("'\(word)' is not among its values", hint: hint)
      }
    case .text: if value.string != nil { return value }
    case .list:
      if let words = value.array, words.allSatisfy({ $0.string != nil }) { return value }
    }
    throw fault("\(value.text()) is no \(kindName)")
  }

  /// `flag`, `whole number from 1 to 10`, `one of a, b`: for help and documentation.
  public var kindName: String {
    switch kind {
    case .flag: "flag"
    case .integer(let range):
      range.upperBound == .max
        ? "whole number from \(range.lowerBound)"
        : "whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      range.upperBound < .greatestFiniteMagnitude
        ? "number from \(range.lowerBound) to \(range.upperBound)"
        : range.lowerBound > -.greatestFiniteMagnitude
          ? "number from \(range.lowerBound)" : "number"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .text: "text"
    case .list: "list of words, joined by commas"
    }
  }

  private func fault(_ message: String, hint: String? = nil) -> DSXError {
    DSXError(.usage, "the setting '\(name)': \(message)", hint: hint ?? "it takes: \(kindName)")
  }
}
