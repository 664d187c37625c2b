/// Whose rows to give exactly, defects and all.
public enum Compatibility: String, CaseIterable, Sendable {
  /// MindFormers' scripts. PanGu-alpha's: every file is packed alone, its remainder is lost (and counted).
  case mindformers

  /// The older word for MindFormers' scripts, which `--compat` takes as well.
  public static let pangu = Compatibility.mindformers

  /// The value of that name; `pangu` is another word for `mindformers`.
  public init?(name: String) {
    self.init(rawValue: name == "pangu" ? "mindformers" : name)
  }
}
