import DSXCore
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "-0.5", "9223372036854775807", "-9223372036854775808", "[]", "{}",
    "[1,[2,{\"a\":\"b\"}],null]", "{\"z\":1,\"a\":2}", "\"中文 \\\"quoted\\\" \\u0000\"", "1e+300",
  ])
  func textSurvivesARoundTrip(text: String) throws {
    #expect(try JSONParser.parse(text).text() == text)
  }

  @Test func escapesAreDecoded() throws {
    let value = try JSONParser.parse(#""\u4e2d\ud83d\ude00\n\/\b""#)
    #expect(value.string == "中😀\n/\u{8}")
  }

  @Test func integersBeyondSixtyFourBitsBecomeDoubles() throws {
    #expect(try JSONParser.parse("9223372036854775808") == .double(9_223_372_036_854_775_808))
  }

  @Test(arguments: [
    ("", 0), ("[1,", 3), ("[1 2]", 3), ("{\"a\":1,\"a\":2}", 7), ("01", 2), ("1.", 2), ("nul", 0),
    ("\"a\nb\"", 2), ("\"\\ud800x\"", 7), ("\"\\udc00\"", 7), ("[1]x", 3), ("\"\\q\"", 2),
    ("NaN", 0),
    ("1e999", 5), ("{\"a\" 1}", 5), ("{a:1}", 1),
  ])
  func brokenTextNamesItsByte(text: String, byte: Int) {
    #expect(throws: DSXError.self) { try JSONParser.parse(text) }
    do throws(DSXError) { _ = try JSONParser.parse(text) } catch {
      #expect(error.location.byte == byte, "\(text): \(error)")
      #expect(error.code == .malformed)
    }
  }

  @Test func invalidUTF8IsRefused() {
    #expect(throws: DSXError.self) { try JSONParser.parse([0x22, 0xff, 0x22]) }
  }

  @Test func deepNestingIsRefusedNotCrashed() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: DSXError.self) { try JSONParser.parse(text) }
  }

  @Test func nonFiniteNumbersNeedPermission() throws {
    let bytes = Array("[NaN,-Infinity]".utf8)
    let value = try JSONParser.parse(bytes, allowNonFinite: true)
    #expect(value.array?[0].double?.isNaN == true)
    #expect(value.array?[1].double == -.infinity)
  }

  @Test func layouts() {
    let value: JSONValue = ["a": [1, 2], "b": ["c": .null]]
    #expect(value.text(.spaced) == #"{"a": [1, 2], "b": {"c": null}}"#)
    #expect(value.text(.indented) == "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"c\": null\n  }\n}")
  }
}
