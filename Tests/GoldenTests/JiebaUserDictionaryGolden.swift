import DSXCore
import Jieba
import Testing

/// States of jieba 0.42.1 after changes of its dictionary: `prepare/jieba_userdict.json`.
///
/// Each state says in `after` what was done since the one before it, as Python calls; `fresh` begins again. An
/// item with `suggest_freq_tune` instead has the frequencies that `suggest_freq(..., True)` gave.
enum JiebaUserDictionaryGolden {
  static let kind = "jieba_userdict"

  static func walk(_ run: GoldenRun) throws {
    guard FilePath.exists(run.path("jieba_userdict.json")) else { return }
    let fresh = try JiebaDictionary.load(homes: .forTests)
    var editor = JiebaEditor(fresh)
    for state in try run.json("jieba_userdict.json").array ?? [] {
      if let tuned = state["suggest_freq_tune"]?.object {
        for member in tuned {
          run.check(kind, "tune \(member.name)") { try tune(&editor, member) }
        }
        continue
      }
      let after = state["after"]?.string ?? "?"
      run.check(kind, after) {
        if after.utf8.starts(with: "fresh".utf8) { editor = JiebaEditor(fresh) }
        if let text = state["userdict"]?.string {
          try load(text, into: &editor)
        } else {
          try apply(after, to: &editor)
        }
        if let total = state["total"]?.int, editor.total != total {
          return "total \(editor.total) instead of \(total)"
        }
        return nil
      }
      for member in state["freq"]?.object ?? [] {
        run.check(kind, "\(after): frequency of \(member.name)") {
          let ours = editor.frequency(of: member.name)
          return ours == member.value.int ? nil : "\(ours ?? -1)"
        }
      }
      var cutter = JiebaCutter(try editor.dictionary())
      for member in state["cut"]?.object ?? [] {
        let words = member.value.strings ?? []
        run.expectEqual(kind, "\(after): \(member.name)", cutter.words(member.name), words)
      }
    }
  }

  /// `word` or `(part,part)`, and the frequency that was given.
  private static func tune(_ editor: inout JiebaEditor, _ member: JSONValue.Member) throws
    -> String?
  {
    var name = member.name
    let ours: Int
    if name.utf8.first == UInt8(ascii: "(") {
      name = String(name.dropFirst().dropLast())
      ours = try editor.tune(splitting: name.split(separator: ",").map(String.init))
    } else {
      ours = try editor.tune(name)
    }
    return member.value.int == ours ? nil : "\(ours)"
  }

  /// Calls like `add_word('word', 5, 'tag')` and `del_word('word')`, with semicolons between them.
  private static func apply(_ calls: String, to editor: inout JiebaEditor) throws {
    for call in calls.split(separator: ";") {
      guard let open = call.firstIndex(of: "(") else { continue }
      let name = call[..<open].drop { $0 == " " }
      let arguments = call[call.index(after: open)...].split(separator: ",").map {
        $0.filter { !" ')".contains($0) }
      }
      guard name == "add_word" || name == "del_word", let word = arguments.first else { continue }
      if name == "del_word" {
        try editor.remove(word)
      } else {
        try editor.add(word, frequency: arguments.count > 1 ? Int(arguments[1]) : nil)
      }
    }
  }

  private static func load(_ text: String, into editor: inout JiebaEditor) throws {
    let path = "/tmp/dsx-userdict-\(UInt64.random(in: 0 ... .max))"
    try FilePath.write(Array(text.utf8), to: path)
    defer { try? FilePath.removeTree(path) }
    try editor.load(userDictionary: path)
  }
}
