public import DSXCore

/// Something that a verification found.
public struct RecordFinding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// Rows are damaged, lost, or MindSpore cannot read the set.
    case error
    /// Readable, but not as it should be.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// The path of the data or index file.
  public var file: String
  /// What is wrong.
  public var message: String
  /// The row, numbered over the whole set, where one is concerned.
  public var row: Int?
  /// The byte offset in the file, where one is known.
  public var byte: Int?

  /// A finding.
  public init(
    severity: Severity, file: String, message: String, row: Int? = nil, byte: Int? = nil
  ) {
    self.severity = severity
    self.file = file
    self.message = message
    self.row = row
    self.byte = byte
  }
}

extension RecordFinding {
  /// One line for people.
  public var text: String {
    var text = "\(severity.rawValue): \(file)"
    if let row { text += ", row \(row)" }
    if let byte { text += ", byte \(byte)" }
    return text + ": " + message
  }

  /// A report of all findings about `file`.
  public static func json(_ findings: [RecordFinding], file: String) -> JSONValue {
    let list = findings.map { finding -> JSONValue in
      var members = [
        JSONValue.Member("severity", .string(finding.severity.rawValue)),
        JSONValue.Member("file", .string(finding.file)),
        JSONValue.Member("message", .string(finding.message)),
      ]
      if let row = finding.row { members.append(.init("row", .int(Int64(row)))) }
      if let byte = finding.byte { members.append(.init("byte", .int(Int64(byte)))) }
      return .object(members)
    }
    let isWhole = !findings.contains { $0.severity == .error }
    return ["file": .string(file), "whole": .bool(isWhole), "findings": .array(list)]
  }
}
