/// The version of the tool, as `dsx --version` and reports state it.
enum Version {
  static let current = "0.1.0"
}
