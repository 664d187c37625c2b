public import DSXCore
internal import Glibc

/// Turns what the user gave (paths and quoted patterns) into the list of input files.
public enum InputExpansion {
  /// The files that `patterns` name: each once, sorted by the UTF-8 bytes of their paths.
  ///
  /// A path that exists is taken as it is, even with `*` or `[` in its name. Two paths to one file
  /// (links followed, hard links too) count once. Patterns match regular files; `**` goes through folders of any
  /// depth, but not through links to folders and not into hidden folders. Throws `nothingToDo` for a
  /// pattern without a file, `io` for a path or folder that cannot be read, `usage` for a folder.
  public static func expand(_ patterns: [String]) throws(DSXError) -> [InputFile] {
    var byIdentity: [Identity: InputFile] = [:]
    for pattern in patterns {
      for path in try paths(pattern) {
        let file = try InputFile(path: path)
        guard let stamp = file.stamp else { continue }
        let identity = Identity(device: stamp.device, inode: stamp.inode)
        if let known = byIdentity[identity], known.path.utf8Precedes(path) { continue }
        byIdentity[identity] = file
      }
    }
    return byIdentity.values.sorted { $0.path.utf8Precedes($1.path) }
  }

  private static func paths(_ pattern: String) throws(DSXError) -> [String] {
    guard !pattern.isEmpty else {
      throw DSXError(.usage, "--input is empty", hint: "give a file or a quoted pattern")
    }
    if FilePath.exists(pattern) || !GlobPattern.isPattern(pattern) {
      guard !FilePath.isFolder(pattern) else {
        throw DSXError(
          .usage, "the input is a folder", file: pattern,
          hint: "name its files with a quoted pattern: --input '\(FilePath.join(pattern, "*.txt"))'"
        )
      }
      return [pattern]
    }
    var found: [String] = []
    let parts = pattern.utf8.split(separator: UInt8(ascii: "/")).map {
      GlobPattern(String(decoding: $0, as: UTF8.self))
    }
    let root = pattern.utf8.first == UInt8(ascii: "/") ? "/" : "."
    try walk(root, parts[...], into: &found)
    guard !found.isEmpty else {
      throw DSXError(
        .nothingToDo, "no file matches '\(pattern)'",
        hint: "patterns match regular files; hidden files need a pattern that begins with a dot")
    }
    return found
  }

  private static func walk(
    _ folder: String, _ parts: ArraySlice<GlobPattern>, into found: inout [String]
  ) throws(DSXError) {
    guard let part = parts.first else { return }
    let rest = parts.dropFirst()
    if part.isRecursive {
      // `**` at the end stands for all files below; else for no folder, or one and again `**`.
      try walk(folder, rest.isEmpty ? [GlobPattern("*")] : rest, into: &found)
      for name in try FilePath.list(folder) where name.utf8.first != UInt8(ascii: ".") {
        let path = FilePath.join(folder, name)
        if kind(path, followLinks: false) == S_IFDIR { try walk(path, parts, into: &found) }
      }
    } else if let name = part.literal {
      try arrive(FilePath.join(folder, name), rest, into: &found)
    } else {
      for name in try FilePath.list(folder) where part.matches(name) {
        try arrive(FilePath.join(folder, name), rest, into: &found)
      }
    }
  }

  private static func arrive(
    _ path: String, _ rest: ArraySlice<GlobPattern>, into found: inout [String]
  ) throws(DSXError) {
    let kind = kind(path, followLinks: true)
    if rest.isEmpty {
      if kind == S_IFREG { found.append(path) }
    } else if kind == S_IFDIR {
      try walk(path, rest, into: &found)
    }
  }

  private static func kind(_ path: String, followLinks: Bool) -> mode_t? {
    var status = stat()
    let result = followLinks ? stat(path, &status) : lstat(path, &status)
    return result == 0 ? status.st_mode & S_IFMT : nil
  }

  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }
}

extension String {
  /// Order by UTF-8 bytes: the same in every locale.
  func utf8Precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
