/// Whose rows to give exactly, defects and all.
public enum Compatibility: String, CaseIterable, Sendable {
  /// MindFormers' PanGu-alpha script: every file is packed alone, its remainder is lost (and counted).
  case pangu
}
