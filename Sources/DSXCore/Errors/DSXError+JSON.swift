extension DSXError {
  /// The error as one process leaves it for another: `code`, `exit_code`, `message`, and what is known of
  /// `file`, `line`, `row`, `byte`, `hint`, `underlying`.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("code", .string(code.name)), .init("exit_code", .int(Int64(code.exitCode.rawValue))),
      .init("message", .string(message)),
    ]
    for (name, text) in [
      ("file", location.file), ("hint", hint), ("underlying", underlying),
    ] {
      if let text { members.append(.init(name, .string(text))) }
    }
    for (name, number) in [
      ("line", location.line), ("row", location.row), ("byte", location.byte),
    ] {
      if let number { members.append(.init(name, .int(Int64(number)))) }
    }
    return .object(members)
  }

  /// The error that `json` says; nil when that lacks its code, exit code or message.
  public init?(json: JSONValue) {
    guard let name = json["code"]?.string, let message = json["message"]?.string,
      let exit = json["exit_code"]?.int.flatMap({ Int32(exactly: $0) }),
      let code = ExitCode(rawValue: exit)
    else { return nil }
    self.init(
      Code(name, code), message, file: json["file"]?.string, line: json["line"]?.int,
      row: json["row"]?.int, byte: json["byte"]?.int, hint: json["hint"]?.string,
      underlying: json["underlying"]?.string)
  }
}
