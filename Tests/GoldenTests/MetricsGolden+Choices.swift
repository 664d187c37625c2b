import DSXCore
import Metrics

/// Choices, prompts and logits of `lm.jsonl`: lm-eval 0.4.13, MindFormers 0.8.0, ModelScope 1.40.2.
enum ChoicesGolden {
  @Sendable static func multipleChoice(_ golden: MetricCase) throws -> String? {
    let questions = (golden.inputs["docs"]?.array ?? []).map { document in
      ChoiceQuestion(
        choices: document["choices"]?.strings ?? [], gold: document["gold"]?.int ?? -1,
        likelihoods: golden.numbers(document["lls"]),
        unconditional: golden.numbers(document["lls_unconditional"]),
        isGreedy: (document["is_greedy"]?.array ?? []).map { $0.bool ?? false })
    }
    let kinds: [(String, MultipleChoice.Kind)] = [
      ("acc", .plain), ("acc_norm", .characters), ("acc_bytes", .bytes),
      ("acc_mutual_info", .mutualInformation), ("exact_match", .greedy),
    ]
    for (name, kind) in kinds {
      let metric = MultipleChoice(kind)
      let per = try questions.map { Double(try metric.statistics(of: $0).hits) }
      let sum = try metric.statistics(of: questions)
      if let difference = golden.differs(["per", name], per)
        ?? golden.differs([name], metric.score(from: sum))
        ?? golden.differsIfThere(name + "_stderr", metric.standardError(from: sum)?.value)
      {
        return difference
      }
    }
    return golden.differs(
      ["prob_norm_doc0"], MultipleChoice.shares(questions.first?.likelihoods ?? []))
  }

  @Sendable static func prompts(_ golden: MetricCase) throws -> String? {
    let losses = golden.rows(golden.inputs["losses"])
    let examples = zip(losses, golden.numbers(golden.inputs["labels"])).map {
      PromptAccuracy.Example(losses: $0, gold: Int($1))
    }
    return try golden.differs(["pred"], losses.map { Double(PromptAccuracy.prediction($0)) })
      ?? golden.differs(["Acc"], try golden.score(PromptAccuracy(), examples))
  }

  @Sendable static func logits(_ golden: MetricCase) throws -> String? {
    let batches = try (golden.inputs["batches"]?.array ?? []).map { batch in
      try LogitBatch(
        logits: (batch["logits"]?.array ?? []).map { golden.rows($0) },
        tokens: golden.rows(batch["input_ids"]).map { $0.map { Int($0) } },
        mask: golden.rows(batch["input_mask"]))
    }
    let losses = batches.map { BatchLoss(loss: $0.mindFormersLoss, rows: $0.tokens.count) }
    let mindFormers = try golden.sum(BatchPerplexity(.mindformers), losses)
    let plain = batches.map { BatchLoss(loss: $0.modelScopeLoss, rows: $0.tokens.count) }
    var documents: [ScoredDocument] = []
    for batch in batches {
      let (sum, tokens) = batch.likelihood
      documents.append(
        ScoredDocument(negativeLogLikelihood: sum, tokens: Int(tokens), words: 1, bytes: 1))
    }
    let corpus = try Perplexity(.token).statistics(of: documents)
    return try golden.differs(["mindformers", "batch_losses"], losses.map(\.loss))
      ?? golden.differs(
        ["mindformers", "loss"], losses.reduce(0) { $0 + $1.loss } / Double(losses.count))
      ?? golden.differs(
        ["mindformers", "PPL"], BatchPerplexity(.mindformers).score(from: mindFormers))
      ?? golden.differs(["modelscope"], try golden.score(BatchPerplexity(.modelscope), plain))
      ?? golden.differs(["corpus", "nll"], corpus.negativeLogLikelihood)
      ?? golden.differs(["corpus", "tokens"], Double(corpus.total(.token)))
      ?? golden.differs(["corpus", "ppl"], Perplexity(.token).score(from: corpus))
  }
}
