internal import DSXCore

/// Which split a file belongs to by its name, as Hugging Face's loaders tell it.
///
/// A word such as `train` counts where it stands alone: between the borders of a folder's or file's
/// name and the characters `-`, `.`, `_`, blank and digits. Folders decide before file names; when no
/// file tells, all are `train`. Source: datasets 2.13 and 5.2, `data_files.py`.
enum SplitNames {
  /// The splits in their order, with the words that mean them.
  static let words: [(split: String, words: [String])] = [
    ("train", ["train", "training"]), ("validation", ["validation", "valid", "dev", "val"]),
    ("test", ["test", "testing", "eval", "evaluation"]),
  ]

  /// The split that a word means by itself: `dev` is `validation`.
  static func split(of word: String) -> String? {
    words.first { $0.words.contains(word) }?.split
  }

  /// The names, divided into splits. A name may belong to several; names that tell no split are left out
  /// when others do.
  static func divide(_ names: [String]) -> [(split: String, names: [String])] {
    let sharded = shards(names)
    if !sharded.isEmpty { return sharded }
    for part in [Part.folder, .file] {
      let found = words.compactMap { entry -> (split: String, names: [String])? in
        let own = names.filter { name in
          entry.words.contains { stands($0, in: name, part) }
        }
        return own.isEmpty ? nil : (entry.split, own)
      }
      if !found.isEmpty { return found }
    }
    return names.isEmpty ? [] : [("train", names)]
  }

  /// `data/SPLIT-00000-of-00003.EXT`: the splits are named by the files, in the order of their names.
  private static func shards(_ names: [String]) -> [(split: String, names: [String])] {
    var splits: [(split: String, names: [String])] = []
    for name in names {
      guard name.hasPrefix("data/") else { continue }
      let rest = String(name.dropFirst("data/".count))
      let scalars = Array(rest.utf8)
      guard let dash = scalars.firstIndex(of: UInt8(ascii: "-")), dash > 0 else { continue }
      let tail = Array(scalars[(dash + 1)...])
      let middle = Array("-of-".utf8)
      guard tail.count > 14, tail[..<5].allSatisfy({ $0 &- 0x30 <= 9 }),
        tail[5..<9].elementsEqual(middle), tail[9..<14].allSatisfy({ $0 &- 0x30 <= 9 }),
        tail.dropFirst(14).contains(UInt8(ascii: ".")), !tail.contains(UInt8(ascii: "/"))
      else { continue }
      let split = String(decoding: scalars[..<dash], as: UTF8.self)
      if let place = splits.firstIndex(where: { $0.split == split }) {
        splits[place].names.append(name)
      } else {
        splits.append((split, [name]))
      }
    }
    return splits
  }

  private enum Part { case folder, file }

  private static func stands(_ word: String, in name: String, _ part: Part) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"))
    guard let last = parts.last else { return false }
    return switch part {
    case .folder: parts.dropLast().contains { stands(Array(word.utf8), in: Array($0), atEnd: true) }
    case .file: stands(Array(word.utf8), in: Array(last), atEnd: false)
    }
  }

  /// Whether the word stands alone; at the end of a file's name it does not count.
  private static func stands(_ word: [UInt8], in text: [UInt8], atEnd: Bool) -> Bool {
    guard text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) where text[start...].starts(with: word) {
      let end = start + word.count
      let isFree = start == 0 || isBorder(text[start - 1])
      if isFree, end < text.count ? isBorder(text[end]) : atEnd { return true }
    }
    return false
  }

  private static func isBorder(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || "-._ ".utf8.contains(byte)
  }
}
