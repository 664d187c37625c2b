internal import ArgumentParser

/// How `dsx tokenize` prints a line.
enum TokenizeFormat: String, CaseIterable, ExpressibleByArgument {
  /// One JSON array a line.
  case json
  /// Words or ids with a separator between them.
  case text
}
