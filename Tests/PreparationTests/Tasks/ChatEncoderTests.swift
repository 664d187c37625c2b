import DSXCore
import Testing
import Text

@testable import Preparation

/// Conversations to ids and labels.
@Suite struct ChatEncoderTests {
  private static let template =
    "{% for m in messages %}[{{ m.role }}]{{ m.content }};{% endfor %}"
    + "{% if add_generation_prompt %}[assistant]{% endif %}"

  private func encoded(_ line: String, _ template: String = template) throws -> (String, String) {
    var encoder = try ChatEncoder(try ChatRules(ByteTokenizer(), template: template))
    var (ids, labels): ([Int32], [Int32]) = ([], [])
    let bytes = Array(line.utf8)
    var failure: (any Error)?
    bytes.withUnsafeBytes { buffer in
      do { try encoder.encode(buffer, base: 0, ids: &ids, labels: &labels) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    #expect(ids.count == labels.count)
    func text(_ ids: [Int32]) -> String {
      String(decoding: ids.map { $0 < 0 ? UInt8(ascii: ".") : UInt8($0) }, as: UTF8.self)
    }
    return (text(ids), text(labels))
  }

  @Test func labelsAreTheAnswersOnly() throws {
    let line = """
      {"messages": [{"role": "user", "content": "é?"}, {"role": "assistant", "content": "no"},
       {"role": "user", "content": "b"}, {"role": "assistant", "content": "yes"}]}
      """
    let (ids, labels) = try encoded(line)
    #expect(ids == "[user]é?;[assistant]no;[user]b;[assistant]yes;")
    // One dot a byte: the é has two.
    func dots(_ text: String) -> String { String(repeating: ".", count: text.utf8.count) }
    #expect(labels == dots("[user]é?;[assistant]") + "no;" + dots("[user]b;[assistant]") + "yes;")
  }

  @Test func allFormsGiveTheSameConversation() throws {
    let wanted = "[user]a;[assistant]b;"
    for line in [
      #"{"prompt": "a", "response": "b"}"#, #"{"prompt": "a", "completion": "b"}"#,
      #"{"instruction": "a", "input": "", "output": "b"}"#,
      #"{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}"#,
    ] { #expect(try encoded(line).0 == wanted) }
    #expect(
      try encoded(#"{"instruction": "a", "input": "x", "output": "b", "system": "s"}"#).0
        == "[system]s;[user]a\n\nx;[assistant]b;")
  }

  @Test func whatIsNoConversationIsRefused() {
    for line in [
      #"{"text": "a"}"#, #"{"messages": []}"#, #"{"messages": [{"content": "a"}]}"#,
      #"{"messages": [{"role": "user", "content": "a"}]}"#, #"{"messages": [{"role": "user"}]}"#,
      #"{"conversations": [{"from": "human"}]}"#, "[1]", "{",
    ] { #expect(throws: DSXError.self) { try encoded(line) } }
    let empty = "{% for m in messages %}{% generation %}{% endgeneration %}-{% endfor %}"
    #expect(throws: DSXError.self) { try encoded(#"{"prompt": "a", "response": "b"}"#, empty) }
    #expect(throws: DSXError.self) { try ChatRules(ByteTokenizer()) }
  }
}
