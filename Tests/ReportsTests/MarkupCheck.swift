/// A small check of well-formedness: every tag is closed in order, attributes are quoted and come
/// once, `&` starts one of the five entities.
struct MarkupCheck {
  /// What is wrong first; nil when nothing is.
  static func problem(in text: String) -> String? {
    var open: [String] = []
    var ids: Set<String> = []
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.first {
      if scalar == "&" {
        let entity = String(String.UnicodeScalarView(rest.prefix(6)))
        let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
        guard known.contains(where: { entity.hasPrefix($0) }) else { return "entity \(entity)" }
        rest.removeFirst()
        continue
      }
      if scalar == ">" && open.last != "style" { return "a bare > in \(open)" }
      guard scalar == "<" else {
        rest.removeFirst()
        continue
      }
      guard let end = rest.firstIndex(of: ">") else { return "a tag without end" }
      let tag = String(String.UnicodeScalarView(rest[(rest.startIndex + 1)..<end]))
      rest = rest[(end + 1)...]
      if tag == "!DOCTYPE html" { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { return "unexpected <\(tag)>" }
        continue
      }
      let isSelfClosing = tag.hasSuffix("/")
      let body = isSelfClosing ? String(tag.dropLast()) : tag
      let name = String(body.prefix { $0 != " " })
      guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
        return "a tag named '\(name)'"
      }
      if let problem = attributes(String(body.dropFirst(name.count)), &ids) {
        return "\(problem) in <\(tag)>"
      }
      if !isSelfClosing { open.append(name) }
    }
    return open.isEmpty ? nil : "not closed: \(open)"
  }

  private static func attributes(_ text: String, _ ids: inout Set<String>) -> String? {
    var rest = text[...]
    var names: Set<String> = []
    while !rest.isEmpty {
      guard rest.first == " " else { return "no blank before an attribute" }
      rest.removeFirst()
      guard let equals = rest.firstIndex(of: "=") else { return "an attribute without value" }
      let name = String(rest[..<equals])
      guard names.insert(name).inserted else { return "the attribute \(name) twice" }
      rest = rest[rest.index(after: equals)...]
      guard rest.first == "\"" else { return "no quote after \(name)" }
      rest.removeFirst()
      guard let end = rest.firstIndex(of: "\"") else { return "no quote at the end of \(name)" }
      if rest[..<end].contains("<") { return "< in \(name)" }
      if name == "id", !ids.insert(String(rest[..<end])).inserted { return "an id twice" }
      rest = rest[rest.index(after: end)...]
    }
    return nil
  }
}
