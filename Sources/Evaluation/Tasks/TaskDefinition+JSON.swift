public import DSXCore

extension TaskDefinition {
  /// The task as JSON, as `report.json` states it: what is at its default is left out.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("version", .int(Int64(version))),
    ]
    func add(_ key: String, _ value: JSONValue?) {
      if let value { members.append(.init(key, value)) }
    }
    func list(_ texts: [String]) -> JSONValue? {
      texts.isEmpty ? nil : .array(texts.map { .string($0) })
    }
    add("variant", variant.map { .string($0) })
    add("request", .string(request.rawValue))
    add("text", text.isEmpty ? nil : .string(text))
    add("pair", pair.map { .string($0) })
    add("id", id.map { .string($0) })
    add("prompt", prompt.map { .string($0.source) })
    add("continuation", continuation.map { .string($0.source) })
    add("gold", gold.map { .string($0) })
    add("skip_gold", list(skipGold))
    add("labels", labels?.json)
    add("choices", choices?.json)
    add("default_rule", rule.map { .string($0.rawValue) })
    add("candidates", candidates?.json)
    add("few_shot", fewShot?.json)
    add("seed", seed == 0 ? nil : .string(String(seed)))
    add("until", list(until))
    add("max_tokens", maximumTokens.map { .int(Int64($0)) })
    add("filter", list(filters.map(\.rawValue)))
    add("metrics", .array(metrics.map(\.json)))
    add("cluster", cluster.map { .string($0) })
    add("slices", list(slices))
    add("bos", bos == .auto ? nil : .string(bos.rawValue))
    add("on_long", onLong == .error ? nil : .string(onLong.rawValue))
    add("ids", ids.map { .string($0) })
    add("mask", mask.map { .string($0) })
    add("documents", documents == .row ? nil : .string(documents.rawValue))
    add("batch_rows", batchRows.map { .int(Int64($0)) })
    add("features", list(features))
    add(
      "roles", roles.isEmpty ? nil : .object(roles.map { .init($0.role, .string($0.column)) }))
    return .object(members)
  }
}
