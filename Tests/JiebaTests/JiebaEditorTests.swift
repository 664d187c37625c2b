import DSXCore
import Testing

@testable import Jieba

/// The semantics of `add_word`, `del_word`, `suggest_freq` and `load_userdict`. Expected values are jieba 0.42.1's.
@Suite struct JiebaEditorTests {
  func fresh() throws -> JiebaEditor { JiebaEditor(try JiebaCutterTests.dictionary.get()) }

  func words(_ editor: JiebaEditor, _ text: String, hmm: Bool = true) throws -> [String] {
    var cutter = JiebaCutter(try editor.dictionary())
    return cutter.words(text, hmm: hmm)
  }

  @Test func totalsAndPrefixes() throws {
    var editor = try fresh()
    #expect(editor.frequency(of: "石墨烯电池") == nil)
    try editor.add("石墨烯电池", frequency: 7)
    #expect(editor.total == 60_101_967 + 7)
    // A prefix is known and has frequency 0; adding again adds to the total again.
    #expect(editor.frequency(of: "石墨烯电") == 0)
    try editor.add("石墨烯电池", frequency: 7)
    #expect(editor.total == 60_101_967 + 14)
    #expect(try words(editor, "新石墨烯电池") == ["新", "石墨烯电池"])
    // The dictionary it was made from has not changed.
    #expect(try fresh().frequency(of: "石墨烯电池") == nil)
  }

  @Test func deletedWordsAreSplitAlsoByTheModel() throws {
    var editor = try fresh()
    #expect(try words(editor, "他来到了网易杭研大厦") == ["他", "来到", "了", "网易", "杭研", "大厦"])
    // 杭研 is the model's word, in no dictionary.
    try editor.remove("杭研")
    #expect(try words(editor, "他来到了网易杭研大厦") == ["他", "来到", "了", "网易", "杭", "研", "大厦"])
    #expect(editor.total == 60_101_967)
    // Adding it again makes it a word of the dictionary; the split stays, as jieba's does.
    try editor.add("杭研", frequency: 3)
    #expect(try words(editor, "杭研大厦") == ["杭研", "大厦"])
    #expect(editor.suggestedFrequency(splitting: ["杭", "研"]) <= 3)
  }

  @Test func charactersThatTheDictionaryLacks() throws {
    var editor = try fresh()
    // A new character of the basic plane, of another plane, and a word that no run can hold.
    try editor.add("鿕鿔", frequency: 5)
    try editor.add("𠀀字", frequency: 5)
    try editor.add("Edu Trust认证", frequency: 2000)
    #expect(try words(editor, "一鿕鿔二", hmm: false) == ["一", "鿕鿔", "二"])
    let dictionary = try editor.dictionary()
    #expect(dictionary.frequency(of: "𠀀字") == 5)
    #expect(dictionary.frequency(of: "𠀀") == 0)
    #expect(dictionary.frequency(of: "Edu Trust认") == 0)
    #expect(dictionary.total == 60_101_967 + 2010)
    #expect(JiebaEditor(dictionary).frequency(of: "𠀀字") == 5)
  }

  /// Many words in random order: every word and every prefix is found again, and nothing else moved.
  @Test func manyWords() throws {
    var editor = try fresh()
    let base = try JiebaCutterTests.dictionary.get()
    var random = PCG64(seed: 11)
    var expected: [String: Int] = [:]
    for _ in 0..<3000 {
      var word = ""
      for _ in 0...random.bounded(5) {
        let scalar = 0x4e00 + random.bounded(random.bounded(4) == 0 ? 0x51d6 : 300)
        word.unicodeScalars.append(Unicode.Scalar(scalar) ?? "一")
      }
      let frequency = Int(random.bounded(5000))
      expected[word] = frequency
      try editor.add(word, frequency: frequency)
    }
    let dictionary = try editor.dictionary()
    for (word, frequency) in expected {
      #expect(dictionary.frequency(of: word) == frequency)
      #expect(dictionary.frequency(of: String(word.unicodeScalars.dropLast())) != -1)
    }
    for word in ["的", "北京大学", "中华人民共和国", "AT&T", "一个"] where expected[word] == nil {
      #expect(dictionary.frequency(of: word) == base.frequency(of: word))
    }
    #expect(dictionary.image.depth >= base.image.depth)
  }

  @Test func lines() throws {
    func read(_ text: String) throws -> (String, Int?)? {
      try Array(text.utf8).withUnsafeBytes { raw throws in
        try UserDictionaryLine(raw).map { ($0.word, $0.frequency) }
      }
    }
    func expect(_ text: String, _ word: String, _ frequency: Int?) throws {
      let line = try #require(try read(text))
      #expect(line.0 == word && line.1 == frequency, "\(text)")
    }
    try expect("云计算 5", "云计算", 5)
    try expect("\u{feff}\u{feff}李小福 2 nr\r", "李小福", 2)
    try expect("凱特琳 nz", "凱特琳", nil)
    try expect("  台中\t", "台中", nil)
    try expect("Edu Trust认证 2000", "Edu Trust认证", 2000)
    try expect("a b c", "a b", nil)
    try expect("word 3 5", "word 3", 5)
    try expect("word  5", "word ", 5)
    try expect("词 n 5", "词 n", 5)
    try expect("词 5 N", "词 5 N", nil)
    try expect("5", "5", nil)
    try expect("\u{feff} 5 n", " 5", nil)
    #expect(try read(" \t\r") == nil)
    #expect(throws: DSXError.self) { _ = try read("词 99999999999999999999") }
  }

  @Test func badInput() throws {
    var editor = try fresh()
    #expect(throws: DSXError.self) { try editor.add("", frequency: 1) }
    #expect(throws: DSXError.self) { try editor.add("词", frequency: -1) }
    #expect(throws: DSXError.self) { try editor.add(String(repeating: "长", count: 2000)) }
    #expect(editor.total == 60_101_967)
    let path = "/tmp/dsx-userdict-\(UInt64.random(in: 0 ... .max))"
    try FilePath.write(Array("好词 5\n坏".utf8) + [0xff, 0x0a], to: path)
    defer { try? FilePath.removeTree(path) }
    do {
      try editor.load(userDictionary: path)
      Issue.record("invalid UTF-8 was taken")
    } catch {
      #expect(error.location.line == 2 && error.location.byte == 12)
      #expect(error.location.file == path)
    }
  }
}
