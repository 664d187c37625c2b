internal import DSXCore
internal import Jobs

/// The n-grams of evaluation sets, each with the first item that holds it.
///
/// An item is a line of a text file, a line of a `.jsonl` or `.ndjson` file (every string in it, at any
/// depth, by itself), or one string of a `.json` file. Strings too short for an n-gram are counted.
final class EvaluationIndex: Sendable {
  /// One file.
  struct File: Sendable {
    var fingerprint: FileFingerprint
    /// Its first item's number.
    var firstItem: Int
  }

  let words: Int
  let files: [File]
  /// Strings, and those of them that are too short for an n-gram.
  let strings: Int
  let shortStrings: Int
  /// The line of each item, or the number of the string in a `.json` file, from 1.
  private let lines: [UInt32]
  private let keys: [UInt64]
  private let items: [UInt32]
  private let mask: Int

  /// Reads the files. Throws `io` and `malformed`, and `usage` when none has an n-gram.
  init(paths: [String], words: Int) throws(DSXError) {
    self.words = words
    var builder = Builder(words: words)
    var files: [File] = []
    for path in paths {
      files.append(
        File(fingerprint: try FileFingerprint.of(path: path), firstItem: builder.lines.count))
      do {
        try builder.add(path)
      } catch {
        throw error.inFile(path)
      }
    }
    guard !builder.found.isEmpty else {
      throw DSXError(
        .usage, "no text of the evaluation sets has \(words) words", file: paths.first,
        hint: "choose a smaller --decontaminate-ngram")
    }
    self.files = files
    (strings, shortStrings, lines) = (builder.strings, builder.shortStrings, builder.lines)
    var size = 1024
    while size < builder.found.count * 2 { size *= 2 }
    var keys = [UInt64](repeating: 0, count: size)
    var items = [UInt32](repeating: 0, count: size)
    for (key, item) in builder.found {
      var slot = Int(truncatingIfNeeded: key) & (size - 1)
      while items[slot] != 0, keys[slot] != key { slot = (slot + 1) & (size - 1) }
      // The first item wins.
      if items[slot] == 0 { (keys[slot], items[slot]) = (key, item + 1) }
    }
    (self.keys, self.items, mask) = (keys, items, size - 1)
  }

  /// The item that holds this n-gram first; nil when none does.
  @inline(__always)
  func item(_ key: UInt64) -> Int? {
    keys.withUnsafeBufferPointer { keys in
      items.withUnsafeBufferPointer { items in
        var slot = Int(truncatingIfNeeded: key) & mask
        while items[slot] != 0 {
          if keys[slot] == key { return Int(items[slot]) - 1 }
          slot = (slot + 1) & mask
        }
        return nil
      }
    }
  }

  /// `name:line` of an item.
  func name(of item: Int) -> String {
    guard lines.indices.contains(item) else { return "?" }
    let file = files.last { $0.firstItem <= item }
    return (file?.fingerprint.name ?? "?") + ":" + String(lines[item])
  }

  var json: JSONValue {
    [
      "words": .int(Int64(words)),
      "sets": .array(
        files.map {
          [
            "name": .string($0.fingerprint.name), "bytes": .int(Int64($0.fingerprint.size)),
            "sha256": .string($0.fingerprint.sha256),
          ]
        }),
    ]
  }
}
