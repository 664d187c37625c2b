import DSXCore
import Text

@testable import Models

/// The bytes as pieces `<0x00>` ... `<0xFF>`, the letters a to z, and `<|im_end|>`: bytes side by side are
/// text together, or none of them is, as in the `ByteFallback` decoder of `tokenizer.json`.
struct FallbackTokenizer: Tokenizer {
  static let end: Int32 = 282
  let vocabularySize = 283

  var specialTokens: SpecialTokens {
    var tokens = SpecialTokens()
    tokens[.eos] = SpecialToken("<|im_end|>", id: Self.end)
    return tokens
  }

  func piece(of id: Int32) -> String? {
    switch id {
    case 0..<256:
      let digits = String(id, radix: 16, uppercase: true)
      return "<0x" + (id < 16 ? "0" : "") + digits + ">"
    case 256..<Self.end: return String(UnicodeScalar(UInt8(97 + id - 256)))
    case Self.end: return "<|im_end|>"
    default: return nil
    }
  }

  func id(of piece: String) -> Int32? {
    (0..<Int32(vocabularySize)).first { self.piece(of: $0) == piece }
  }

  func decode(_ ids: [Int32]) throws(DSXError) -> String {
    var text = ""
    var bytes: [UInt8] = []
    for id in ids + [-1] {
      if (0..<256).contains(id) {
        bytes.append(UInt8(id))
        continue
      }
      text +=
        String(validating: bytes, as: UTF8.self)
        ?? String(repeating: "\u{fffd}", count: bytes.count)
      bytes = []
      text += piece(of: id) ?? ""
    }
    return text
  }

  func makeEncoder() -> any TokenEncoder { ByteTokenizer.Encoder() }
}
