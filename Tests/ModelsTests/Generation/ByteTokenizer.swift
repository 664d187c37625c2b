import DSXCore
import Text

/// Every byte is an id; 256 is a special token.
struct ByteTokenizer: Tokenizer {
  let vocabularySize = 257

  var specialTokens: SpecialTokens {
    var tokens = SpecialTokens()
    tokens[.eos] = SpecialToken("<eos>", id: 256)
    return tokens
  }

  func id(of piece: String) -> Int32? { piece == "<eos>" ? 256 : nil }
  func piece(of id: Int32) -> String? { (0...256).contains(id) ? "\(id)" : nil }
  func decode(_ ids: [Int32]) throws(DSXError) -> String {
    for id in ids where !(0...256).contains(id) { throw DSXError(.malformed, "id \(id)") }
    return String(decoding: ids.filter { $0 < 256 }.map { UInt8($0) }, as: UTF8.self)
  }

  struct Encoder: TokenEncoder {
    mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
      ids += text.map { Int32($0) }
    }
  }
  func makeEncoder() -> any TokenEncoder { Encoder() }
}

extension FakeSession {
  /// A model that says `text` after a prompt of `prompt` ids, byte by byte, and then ends.
  static func saying(_ text: String, after prompt: Int) -> FakeSession {
    let bytes = Array(text.utf8)
    return FakeSession(vocabulary: 257, context: 1_000) { history in
      var logits = [Float](repeating: 0, count: 257)
      let place = history.count - prompt
      logits[place < bytes.count ? Int(bytes[place]) : 256] = 10
      return logits
    }
  }
}
