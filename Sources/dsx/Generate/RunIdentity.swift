internal import DSXCore
internal import Jobs
internal import Models

/// Everything that decides the results of `dsx generate`: what a second run must agree with.
struct RunIdentity {
  /// For people, and for the comparison.
  let json: JSONValue

  init(
    model: LoadedModel, options: GenerationOptions, prompts: GeneratePrompts, dtype: String,
    logprobs: Bool, sharesPrefixes: Bool
  ) throws(DSXError) {
    let source: String
    if let input = prompts.input {
      source = try FileFingerprint.of(path: input).sha256
    } else {
      source = SHA256.hex(JSONValue.array(prompts.prompt.map { .string($0) }).text())
    }
    var members: [JSONValue.Member] = [
      .init("kind", "dsx-generate"), .init("version", 2),
      .init("tool", .string("dsx " + Version.current)),
      .init("model", .string(model.model.info.name)),
      .init("fingerprint", .string(model.model.info.fingerprint)),
      .init(
        "configuration_fingerprint",
        .string(try ModelFolder.configurationFingerprint(model.folder))),
      .init("dtype", .string(dtype)), .init("prompts_sha256", .string(source)),
      .init("field", prompts.jsonField.map { .string($0) } ?? .null),
      .init("on_long", .string(prompts.onLong.rawValue)),
      .init("bos", .string(prompts.bos.rawValue)),
      .init("special_tokens", .bool(prompts.specialTokens)), .init("chat", .bool(prompts.chat)),
      .init("system", prompts.system.map { .string($0) } ?? .null),
      .init(
        "chat_template_sha256",
        try prompts.chatTemplate.map { (path) throws(DSXError) in
          JSONValue.string(try FileFingerprint.of(path: path).sha256)
        } ?? .null),
    ]
    members += [
      .init("max_new_tokens", .int(Int64(options.maxNewTokens))),
      .init("min_new_tokens", .int(Int64(options.minNewTokens))),
      .init("repetition_penalty", .double(options.repetitionPenalty)),
      .init("no_repeat_ngram", .int(Int64(options.noRepeatNGram))),
      .init("stop", .array(options.stopStrings.map { .string($0) })),
      .init("stop_ids", .array(options.stopIDs.map { .int(Int64($0)) })),
      .init("stops_at_eos", .bool(options.stopsAtEndOfText)),
      .init("logprobs", .bool(logprobs)),
    ]
    if sharesPrefixes { members.append(.init("shares_prefixes", true)) }
    members += Self.members(options.strategy)
    json = .object(members)
  }

  private static func members(_ strategy: GenerationOptions.Strategy) -> [JSONValue.Member] {
    switch strategy {
    case .greedy: [.init("strategy", "greedy")]
    case .sample(let sampling):
      [
        .init("strategy", "sample"), .init("temperature", .double(sampling.temperature)),
        .init("top_k", .int(Int64(sampling.topK))), .init("top_p", .double(sampling.topP)),
        .init("min_p", .double(sampling.minP)), .init("seed", .string(String(sampling.seed))),
      ]
    case .beams(let beams):
      [
        .init("strategy", "beams"), .init("beams", .int(Int64(beams.count))),
        .init("length_penalty", .double(beams.lengthPenalty)),
        .init("early_stopping", .string(beams.earlyStopping.rawValue)),
      ]
    }
  }
}
