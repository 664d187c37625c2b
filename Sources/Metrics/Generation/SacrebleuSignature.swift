/// A signature in the words and the order of sacrebleu 2.6.0: number of references, the metric's
/// own keys, version last.
struct SacrebleuSignature {
  /// The version whose numbers are given.
  static let version = "2.6.0"
  let references: String
  let pairs: [(key: String, short: String, value: String)]

  init(references: String, _ pairs: [(key: String, short: String, value: String)]) {
    self.references = references
    self.pairs = pairs
  }

  /// `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`
  var text: String {
    (["nrefs:" + references] + pairs.map { $0.key + ":" + $0.value }
      + ["version:" + Self.version]).joined(separator: "|")
  }
  /// `#:1|c:mixed|e:no|tok:13a|s:exp|v:2.6.0`
  var shortText: String {
    (["#:" + references] + pairs.map { $0.short + ":" + $0.value } + ["v:" + Self.version])
      .joined(separator: "|")
  }
}
