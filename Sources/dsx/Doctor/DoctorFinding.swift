internal import DSXCore

/// One line of `dsx doctor`.
struct DoctorFinding {
  /// Whether dsx can work with it.
  enum Status: String {
    /// As it should be.
    case ok
    /// dsx works, but not as well as it could, or not all of it.
    case warn
    /// Something that dsx needs does not work.
    case fail
  }

  /// What it is about: `libraries`, `processor`, `folder`, ...
  let topic: String
  /// What was looked at.
  let name: String
  let status: Status
  /// What was found.
  let text: String
  /// What to do; nil where all is well.
  let hint: String?

  static func ok(_ topic: String, _ name: String, _ text: String) -> DoctorFinding {
    DoctorFinding(topic: topic, name: name, status: .ok, text: text, hint: nil)
  }

  static func warn(_ topic: String, _ name: String, _ text: String, _ hint: String)
    -> DoctorFinding
  {
    DoctorFinding(topic: topic, name: name, status: .warn, text: text, hint: hint)
  }

  static func fail(_ topic: String, _ name: String, _ text: String, _ hint: String)
    -> DoctorFinding
  {
    DoctorFinding(topic: topic, name: name, status: .fail, text: text, hint: hint)
  }

  /// An error as a finding: its place and the system's words belong to the text.
  static func error(
    _ topic: String, _ name: String, _ error: DSXError, _ hint: String, isFatal: Bool = true
  ) -> DoctorFinding {
    let place = error.location.file.map { ", in " + $0 + error.placeSuffix } ?? ""
    let because = error.underlying.map { " (\($0))" } ?? ""
    return DoctorFinding(
      topic: topic, name: name, status: isFatal ? .fail : .warn,
      text: error.message + place + because, hint: error.hint ?? hint)
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("topic", .string(topic)), .init("name", .string(name)),
      .init("status", .string(status.rawValue)), .init("text", .string(text)),
    ]
    if let hint { members.append(.init("hint", .string(hint))) }
    return .object(members)
  }
}
