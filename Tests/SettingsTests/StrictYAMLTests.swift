import DSXCore
import Settings
import Testing

@Suite struct StrictYAMLTests {
  private func yaml(_ text: String, firstLine: Int = 1) throws -> StrictYAML {
    try StrictYAML(text: text, path: "a.yaml", firstLine: firstLine)
  }

  @Test func plainWordsAreTypedByTheCoreSchema() throws {
    let settings = try yaml(
      "a: [1, 0x1f, 0o17, -2, 1.5, 1e3, true, ~, '1', no, 007, inf, {b: c}]")
    let expected: [JSONValue] = [
      .int(1), .int(31), .int(15), .int(-2), .double(1.5), .double(1000), .bool(true), .null,
      .string("1"), .string("no"), .int(7), .string("inf"), .object([.init("b", .string("c"))]),
    ]
    #expect(try settings.value("a") == .array(expected))
    #expect(try settings.value("b") == nil)
  }

  @Test func anUnknownKeyIsNamedWithItsLine() throws {
    let settings = try yaml("split: x\nsplitt: y\n", firstLine: 3)
    do throws(DSXError) {
      try settings.allow(["split", "subset"])
      Issue.record("the key was taken")
    } catch {
      #expect(error.location.line == 4)
      #expect(error.hint?.contains("split") == true)
    }
  }

  @Test func oneMappingIsAListOfOne() throws {
    #expect(try yaml("a: {b: 1}").mappings("a")?.count == 1)
    let two = try yaml("a:\n - b: 1\n - b: 2\n").mappings("a")
    #expect(try two?.map { try $0.integer("b") } == [1, 2])
  }

  @Test func aliasesAreReadWhereTheyStandForLittle() throws {
    let settings = try yaml("a: &x {b: &y [1, 2]}\nc: *x\nd: [*y, *y]\ne: \"*.csv & *x\"\n")
    #expect(try settings.value("c") == .object([.init("b", .array([.int(1), .int(2)]))]))
    #expect(try settings.value("d")?.array?.count == 2)
  }

  /// Each of these stands for more than a billion values; the parser alone would take hours.
  @Test(arguments: [("&", "key: "), ("&", "? ")]) func aliasBombsAreRefused(
    _ mark: String, _ key: String
  ) {
    let names = Array("abcdefghijk").map(String.init)
    var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for (before, name) in zip(names, names.dropFirst()) {
      let nine = Array(repeating: "*" + before, count: 9).joined(separator: ", ")
      text += "\(name): \(mark)\(name) [\(nine)]\n"
    }
    #expect(throws: DSXError.self) { try yaml(text + key + "*k\n") }
    // One name, again and again: side by side, and inside of each other.
    let again = (0..<40).map { "k\($0): &a [*a, *a]\n" }.joined()
    #expect(throws: DSXError.self) { try yaml("k: &a [x]\n" + again) }
    let inside =
      String(repeating: "&a [", count: 40) + "x" + String(repeating: ", *a, *a]", count: 40)
    #expect(throws: DSXError.self) { try yaml("k: \(inside)\nl: *a\n") }
  }

  @Test(arguments: ["", "- 1", "a: 1\na: 2", "a: [", "[1]: 2"])
  func whatIsNoMappingIsRefused(_ text: String) {
    #expect(throws: DSXError.self) { try yaml(text) }
  }
}
