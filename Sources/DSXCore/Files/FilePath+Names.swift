extension FilePath {
  /// Whether `name` names a file of one folder: no slash, no NUL, not empty, `.` or `..`.
  ///
  /// For names that come from inside a file and must not lead anywhere else.
  public static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
