/// The names of one architecture's tensors in two conventions.
struct NameMap: Sendable {
  /// As in `--architecture`.
  let architecture: String
  /// The convention besides Hugging Face's.
  let other: NameConvention
  let rules: [NameRule]
  /// What Hugging Face names may begin with, or not: written by us where the rules have it.
  var prefix = ""
  /// Older spellings of endings of Hugging Face names: old, new.
  var aliases: [(old: String, new: String)] = []
  /// Patterns of Hugging Face names that hold no weights of their own, with `{}` for a layer.
  var dropped: [String] = []
  /// The same of the other convention's names: tables that follow from the configuration.
  var otherDropped: [String] = []
  /// Tensors that are left out where they equal another one: tied embeddings.
  var tied: [(name: String, to: String)] = []
  /// The other convention's name for what is the last layer in Hugging Face's files.
  var last: (name: String, layers: String)?

  /// A tensor without which weights are not of this architecture, in both conventions.
  var marker: (one: String, other: String)?

  /// A Hugging Face name as the rules have it.
  func canonical(_ name: String) -> String {
    var name = name
    for alias in aliases where name.hasSuffix(alias.old) {
      name = String(name.dropLast(alias.old.count)) + alias.new
    }
    guard !prefix.isEmpty, !name.hasPrefix(prefix) else { return name }
    let whole = prefix + name
    return rules.contains { NameRule.layer(of: whole, $0.one) != nil }
      || dropped.contains { NameRule.layer(of: whole, $0) != nil } ? whole : name
  }

  /// All that are known.
  static let all: [NameMap] = [gpt2, llama, bert, pangu, ggufLlama]
}
