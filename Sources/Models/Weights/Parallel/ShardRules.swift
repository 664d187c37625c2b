public import DSXCore

/// Along which axis tensors are cut over tensor-parallel ranks, by patterns of names: Megatron's
/// column-parallel and row-parallel layers.
///
/// A column-parallel layer holds a range of its outputs, a row-parallel one of its inputs: which axis
/// that is depends on how the layer is stored.
public struct ShardRules: Sendable {
  /// How a tensor is cut.
  public struct Cut: Sendable, Hashable {
    /// The axis.
    public var axis: Int
    /// Equal blocks of the axis that are each cut for themselves: 3 for query, key and value in one
    /// tensor, 2 for gate and up.
    public var groups = 1
  }

  /// A pattern with `*` for any text, and its cut; nil for a tensor that every rank holds whole.
  struct Rule: Sendable {
    let pattern: String
    let cut: Cut?
  }

  var rules: [Rule]
  /// Patterns that came from files.
  private var added: [(pattern: String, file: String)] = []

  init(rules: [Rule]) { self.rules = rules }

  /// The rules for the names of Megatron, Hugging Face (GPT-2, BERT, LLaMA) and MindFormers (GPT,
  /// PanGu-alpha, BERT, LLaMA). What no rule names is whole.
  ///
  /// `gated`: Megatron's first MLP layer holds gate and up, each cut for itself.
  public static func known(gated: Bool = false) -> ShardRules {
    var rules: [Rule] = []
    func add(_ cut: Cut?, _ patterns: String...) {
      rules += patterns.map { Rule(pattern: $0, cut: cut) }
    }
    let (rows, columns) = (Cut(axis: 0), Cut(axis: 1))
    // GPT-2 as Hugging Face stores it: [inputs, outputs].
    add(Cut(axis: 1, groups: 3), "*.attn.c_attn.weight")
    add(Cut(axis: 0, groups: 3), "*.attn.c_attn.bias")
    add(rows, "*.attn.c_proj.weight", "*.mlp.c_fc.bias", "*.mlp.c_proj.weight")
    add(columns, "*.mlp.c_fc.weight")
    // Megatron: [outputs, inputs].
    let first = Cut(axis: 0, groups: gated ? 2 : 1)
    add(first, "*.dense_h_to_4h.*", "*.linear_fc1.weight", "*.linear_fc1.bias")
    add(rows, "*.query_key_value.*", "*.linear_qkv.weight", "*.linear_qkv.bias")
    add(
      columns, "*.self_attention.dense.weight", "*.linear_proj.weight", "*.dense_4h_to_h.weight",
      "*.linear_fc2.weight")
    add(rows, "*word_embeddings.weight", "*output_layer.weight")
    // LLaMA: [outputs, inputs].
    for name in [
      "q_proj", "k_proj", "v_proj", "gate_proj", "up_proj", "wq", "wk", "wv", "w1", "w3",
    ] {
      add(rows, "*.\(name).weight", "*.\(name).bias")
    }
    add(columns, "*.o_proj.weight", "*.down_proj.weight", "*.wo.weight", "*.w2.weight")
    add(rows, "*embed_tokens.weight", "*lm_head.weight", "*tok_embeddings.embedding_weight")
    // BERT: [outputs, inputs].
    add(rows, "*.attention.self.*", "*.intermediate.dense.*")
    add(columns, "*.output.dense.weight")
    // MindFormers: dense [outputs, inputs], mapping and projection [inputs, outputs].
    add(rows, "*.attention.dense1.*", "*.attention.dense2.*", "*.attention.dense3.*")
    add(rows, "*.attention.projection.weight", "*.output.projection.weight")
    add(columns, "*.output.mapping.weight")
    add(rows, "*.output.mapping.bias", "*word_embedding.embedding_table", "*wte.weight")
    return ShardRules(rules: rules)
  }

  /// Rules from a JSON object, which come before the known ones: `{"*.dense.weight": 1}` is an axis,
  /// `[0, 2]` an axis with groups, `null` whole; `"column"` and `"row"` are 0 and 1.
  ///
  /// Throws `malformed` with the pattern.
  public mutating func add(file path: String) throws(DSXError) {
    guard let members = try JSONParser.parse(file: path).object else {
      throw DSXError(.malformed, "the rules must be a JSON object", file: path)
    }
    var added: [Rule] = []
    for member in members {
      added.append(Rule(pattern: member.name, cut: try Self.cut(member, path)))
    }
    rules = added + rules
    self.added += added.map { ($0.pattern, path) }
  }

  private static func cut(_ member: JSONValue.Member, _ path: String) throws(DSXError) -> Cut? {
    func small(_ value: JSONValue?, from least: Int64) -> Int? {
      guard case .int(let number)? = value, number >= least, number < 4096 else { return nil }
      return Int(number)
    }
    switch member.value {
    case .null: return nil
    case .string("column"): return Cut(axis: 0)
    case .string("row"): return Cut(axis: 1)
    case .string("whole"): return nil
    case .array(let pair) where pair.count == 2:
      if let axis = small(pair[0], from: 0), let groups = small(pair[1], from: 1) {
        return Cut(axis: axis, groups: groups)
      }
    default: if let axis = small(member.value, from: 0) { return Cut(axis: axis) }
    }
    throw DSXError(
      .malformed, "the rule of '\(member.name)' is \(member.value.text())", file: path,
      hint: "a rule is an axis, [axis, groups], \"column\", \"row\", or null for whole")
  }

  /// Checks that each pattern of a file is for some tensor. Throws `unknownName` with the first that is
  /// for none.
  public func check(_ names: [String]) throws(DSXError) {
    let bytes = names.map { Array($0.utf8)[...] }
    for (pattern, file) in added {
      let wanted = Array(pattern.utf8)[...]
      guard !bytes.contains(where: { Self.matches(wanted, $0) }) else { continue }
      let near = NearestName.find(pattern, in: names)
      throw DSXError(
        .unknownName, "the rule '\(pattern)' is for none of the tensors", file: file,
        hint: near.map { "did you mean '\($0)'?" } ?? "a pattern is for whole names: * is any text")
    }
  }

  /// The cut of a tensor; nil for whole.
  public func cut(of name: String) -> Cut? {
    rules.first { Self.matches(Array($0.pattern.utf8)[...], Array(name.utf8)[...]) }?.cut
  }

  /// Whether a pattern with `*` matches a whole name.
  static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var (p, n) = (pattern.startIndex, name.startIndex)
    var retry: (pattern: Int, name: Int)?
    while n < name.endIndex {
      if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
        retry = (p + 1, n)
        p += 1
      } else if p < pattern.endIndex, pattern[p] == name[n] {
        (p, n) = (p + 1, n + 1)
      } else if let from = retry {
        retry = (from.pattern, from.name + 1)
        (p, n) = (from.pattern, from.name + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
