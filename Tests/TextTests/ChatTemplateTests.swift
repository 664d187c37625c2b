import DSXCore
import Foundation
import Testing

@testable import Text

/// Chat templates against transformers' own output (Tests/Fixtures/chat), and what is refused.
@Suite struct ChatTemplateTests {
  private static let fixture = FilePath.join(
    FilePath.split(FilePath.split(#filePath).folder).folder, "Fixtures/chat/templates.json")

  @Test func rendersAsTransformers() throws {
    let json = try JSONParser.parse(file: Self.fixture)
    let cases = json["cases"]?.array ?? []
    #expect(cases.count >= 160)
    for entry in cases {
      let name = entry["template"]?.string ?? ""
      let conversation = entry["conversation"]?.string ?? ""
      let label = "\(name) \(conversation) \(entry["add_generation_prompt"]?.bool ?? false)"
      let messages = json["conversations"]?[conversation]?.array ?? []
      var extra: [JSONValue.Member] = []
      if let tools = entry["tools"] { extra.append(.init("tools", tools)) }
      let template = try ChatTemplate(
        json["templates"]?[name]?.string ?? "",
        specialTokens: ["bos_token": "<s>", "eos_token": "</s>"])
      let rendered: ChatTemplate.Rendered
      do {
        rendered = try template.makeRenderer().render(
          messages, addGenerationPrompt: entry["add_generation_prompt"]?.bool ?? false,
          extra: extra)
      } catch {
        #expect(entry["error"] != nil, "\(label): \(error)")
        continue
      }
      let text = String(decoding: rendered.text, as: UTF8.self)
      #expect(entry["error"] == nil, "\(label) was to be refused: \(text)")
      let wanted = entry["text"]?.string ?? ""
      #expect(text.utf8.elementsEqual(wanted.utf8), "\(label):\n\(text)\n-- wanted\n\(wanted)")
      // transformers counts characters.
      let spans = rendered.answers.map { range in
        [range.lowerBound, range.upperBound].map {
          String(decoding: rendered.text[..<$0], as: UTF8.self).unicodeScalars.count
        }
      }
      let golden = (entry["answers"]?.array ?? []).map { $0.array?.compactMap(\.int) ?? [] }
      #expect(spans == golden, "\(label)")
    }
  }

  private let turns = [
    ["role": "user", "content": "hi"], ["role": "assistant", "content": "yes"],
    ["role": "user", "content": "and"], ["role": "assistant", "content": "no"],
  ].map { JSONValue.object($0.sorted { $0.key > $1.key }.map { .init($0.key, .string($0.value)) }) }

  private func answers(_ template: String) throws -> [String] {
    let rendered = try ChatTemplate(template).makeRenderer().renderWithAnswers(turns)
    return rendered.answers.map { String(decoding: rendered.text[$0], as: UTF8.self) }
  }

  @Test func findsAnswersWithoutGenerationTags() throws {
    let chatML =
      "{% for m in messages %}[{{ m.role }}]{{ m.content }};{% endfor %}"
      + "{% if add_generation_prompt %}[assistant]{% endif %}"
    #expect(try answers(chatML) == ["yes;", "no;"])
    let marked =
      "{% for m in messages %}{% generation %}{% if m.role == 'assistant' %}{{ m.content }}"
      + "{% endif %}{% endgeneration %}{% endfor %}"
    #expect(try answers(marked) == ["yes", "no"])
    // Earlier answers are left out as soon as another follows: their place cannot be found.
    let forgetful = "{% for m in messages %}{{ m.content if loop.last else '-' }}{% endfor %}"
    #expect(throws: DSXError.self) { try answers(forgetful) }
  }

  @Test func whatItDoesNotKnowIsNamed() {
    let cases: [(String, String)] = [
      ("{% include 'x' %}", "include"), ("{{ x | shuffle }}", "shuffle"),
      ("{{ x is prime }}", "prime"), ("{% if x %}", "if"), ("{{ x ", "end"),
      ("{% endif %}", "endif"),
      ("a\nb {{ 1 + }}", "line 2"), ("{{ 1 / 0 }}", "zero"), ("{{ x.y }}{{ x.y.z }}", "undefined"),
      ("{{ 'a' + 1 }}", "'+'"), ("{% for i in 5 %}{% endfor %}", "elements"),
      ("{{ raise_exception('no way') }}", "no way"), ("{{ strftime_now('%Y') }}", "strftime_now"),
      ("{% set a.b = 1 %}", "namespace"),
      ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "itself"),
      ("{{ 'x' * 99999999999 }}", "long"), ("{{ range(9999999) | list }}", "100,000"),
      ("{{ range(0, -9223372036854775807 - 1) }}", "100,000"),
      ("{{ range(0, -9223372036854775807 - 1, -1) }}", "100,000"),
      (String(repeating: "(", count: 5000), "nested"),
      ("{{ " + String(repeating: "[", count: 500) + " }}", "nested"),
    ]
    for (template, word) in cases {
      do throws(DSXError) {
        let text = try ChatTemplate(template).makeRenderer().render([]).text
        if template.hasPrefix("(") { continue }
        Issue.record("\(template) gave \(String(decoding: text, as: UTF8.self))")
      } catch {
        #expect("\(error) line \(error.location.line ?? 0)".contains(word), "\(template): \(error)")
      }
    }
  }

  /// Templates that would fill the memory, run for minutes, or need a stack as deep as their values.
  @Test(arguments: [
    "{% for i in R %}{% set n.x = n.x ~ n.x ~ 'ab' %}{% endfor %}",
    "{% for i in R %}{% set n.l = n.l + n.l + [1] %}{% endfor %}",
    "{% for i in R %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}",
    "{% for i in R %}{% set n.l = [n.l] %}{% endfor %}",
    "{% for i in R %}{% set n.p = namespace(p=n.p) %}{% endfor %}",
    "{% macro w(old) %}{% macro g() %}{% endmacro %}{% set n.f = g %}{% endmacro %}{% for i in R %}{{ w(n.f) }}{% endfor %}",
    "{% for i in R %}{% for j in R %}{% for k in R %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for i in R %}{% for j in R if false %}{% endfor %}{% endfor %}",
    "{{ range(100000) | unique }}", "{% set a = 'x' * 9000000 %}{{ a.replace('', a) }}",
    "{% set a = 'x' * 9000000 %}{{ a.replace('x', 'xx' * 9, -1) }}",
    "{% set a = 'x' * 9000000 %}{{ a.join(R) }}", "{% set a = 'x' * 9000000 %}{{ R | join(a) }}",
    "{% set a = 'x' * 9000000 %}{% for c in a %}{% endfor %}",
    "{{ [R, R, R] | tojson(indent=100000) }}", "{{ [1] | tojson(indent=4611686018427387904) }}",
    "{% for i in R %}{{ 'x' * 100000 }}{% endfor %}",
    "{% set a = R | list %}{% for i in R %}{{ a == a }}{% endfor %}",
  ]) func bombsAreRefused(_ template: String) throws {
    let start = "{% set R = range(100000) %}{% set n = namespace(x='', l=[], p=none, f=none) %}"
    let renderer = try ChatTemplate(start + template).makeRenderer()
    #expect(throws: DSXError.self) { try renderer.render([]) }
  }

  @Test func negativeCountsAndIndents() throws {
    let text = try ChatTemplate("{{ {'a': 1} | tojson(indent=-1) }}{{ 'ab'.replace('', 'x', -1) }}")
      .makeRenderer().render([]).text
    #expect(String(decoding: text, as: UTF8.self) == "{\n\"a\": 1\n}xaxbx")
  }
}
