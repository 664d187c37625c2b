public import DSXCore
public import Text

/// Continues prompts in a batch whose members come and go: one that is finished leaves, and the next
/// prompt takes its place, so that no step waits for the longest text.
///
/// What a prompt gets depends on its ids, the options and, when sampling, on its index; not on its batch
/// mates, where the session shares no prefixes: prompts then start in groups of few rows, whose products
/// are the same chains of sums in any group. A session that shares them, or has no room for packed copies
/// of the weights, rounds by what is computed together (1e-5 of a logit). Single-owner.
public final class Generator {
  private let context: GenerationContext
  private let chooser: TokenChooser
  private let batchSize: Int
  private let startsTogether: Bool

  /// A generator over a session that nobody else uses.
  ///
  /// `endOfText`: the model's end-of-text ids. `batchSize`: sequences under way at once; the hypotheses of
  /// a beam search count each. `positions`: positions that a sequence may take, where that is less than the
  /// session's context. `startsTogether`: all newcomers start in one pass, as is best for a session that
  /// shares prefixes. Throws `usage` for options outside of their range.
  public init(
    session: any GenerationSession, tokenizer: any Tokenizer, options: GenerationOptions,
    endOfText: [Int32], batchSize: Int, positions: Int = .max, startsTogether: Bool = false
  ) throws(DSXError) {
    self.startsTogether = startsTogether
    try options.check(vocabularySize: session.vocabularySize)
    try GenerationOptions.require(batchSize >= 1, "the batch size", "at least 1", batchSize)
    for id in endOfText where id < 0 || Int(id) >= session.vocabularySize {
      throw DSXError(
        .usage, "the end-of-text id \(id) is outside of the vocabulary of \(session.vocabularySize)"
      )
    }
    var options = options
    options.stopIDs += tokenizer.specialIDs(spelled: options.stopStrings)
      .filter { Int($0) < session.vocabularySize }
    context = GenerationContext(
      session: session, tokenizer: tokenizer, options: options,
      endOfText: options.stopsAtEndOfText ? endOfText : [],
      positions: min(positions, session.context))
    chooser = TokenChooser(
      options, endings: context.endings, vocabularySize: session.vocabularySize)
    self.batchSize = batchSize
  }

  /// Continues what `next` gives until that is nil and everything is finished.
  ///
  /// `next` is asked when there is room. `report` hears of every piece of text, and once of every request
  /// that it is finished or refused, in the order in which that happens.
  public func run(
    _ next: () throws(DSXError) -> GenerationRequest?,
    _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) {
    var tasks: [any GenerationTask] = []
    defer { for slot in tasks.flatMap(\.slots) { context.session.release(slot) } }
    var isOpen = true
    while true {
      try admit(&tasks, &isOpen, next, report)
      guard !tasks.isEmpty else { return }
      var ids: [Int32] = []
      var slots: [Int] = []
      var running: [any GenerationTask] = []
      for task in tasks {
        let steps = try task.step(chooser, report)
        if steps.isEmpty {
          for slot in task.slots { context.session.release(slot) }
        } else {
          running.append(task)
          ids += steps.map(\.id)
          slots += steps.map(\.slot)
        }
      }
      tasks = running
      if !ids.isEmpty { try context.session.append(ids, to: slots) }
    }
  }

  /// The results of requests, in their order; refused ones as errors.
  public func run(_ requests: [GenerationRequest]) throws(DSXError)
    -> [Result<GenerationResult, DSXError>]
  {
    var results = [Result<GenerationResult, DSXError>?](repeating: nil, count: requests.count)
    var waiting: [Int: [Int]] = [:]
    for (place, request) in requests.enumerated() {
      waiting[request.index, default: []].append(place)
    }
    guard waiting.count == requests.count else {
      throw DSXError(.usage, "two requests have the same index")
    }
    var given = 0
    try run { () throws(DSXError) -> GenerationRequest? in
      guard given < requests.count else { return nil }
      defer { given += 1 }
      return requests[given]
    } _: { (event) throws(DSXError) in
      switch event {
      case .piece: break
      case .finished(let result):
        if let place = waiting[result.index]?.first { results[place] = .success(result) }
      case .refused(let index, let error):
        if let place = waiting[index]?.first { results[place] = .failure(error) }
      }
    }
    return results.compactMap { $0 }
  }

  /// Fills the batch up, and starts the newcomers.
  private func admit(
    _ tasks: inout [any GenerationTask], _ isOpen: inout Bool,
    _ next: () throws(DSXError) -> GenerationRequest?,
    _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) {
    var width = 1
    if case .beams(let beams) = context.options.strategy { width = beams.count }
    var fresh: [GenerationRequest] = []
    while isOpen, (tasks.count + fresh.count) * width + width <= max(batchSize, width) {
      guard let request = try next() else {
        isOpen = false
        break
      }
      if let error = refusal(request) {
        try report(.refused(index: request.index, error))
      } else {
        fresh.append(request)
      }
    }
    for group in startsTogether && !fresh.isEmpty ? [fresh] : Self.groups(fresh) {
      let slots = try context.session.start(group.map(\.ids))
      for (request, slot) in zip(group, slots) {
        if case .beams(let beams) = context.options.strategy {
          tasks.append(BeamTask(request, slot: slot, beams, context))
        } else {
          tasks.append(SequenceTask(request, slot: slot, context))
        }
      }
    }
  }

  /// Requests that start together: as many as have few rows in all, a longer one alone. What a product of
  /// many rows rounds to can depend on how many they are.
  private static func groups(_ requests: [GenerationRequest]) -> [[GenerationRequest]] {
    var groups: [[GenerationRequest]] = []
    var rows = 0
    for request in requests {
      if let last = groups.indices.last, rows + request.ids.count <= Linear.fewRows {
        groups[last].append(request)
        rows += request.ids.count
      } else {
        groups.append([request])
        rows = request.ids.count
      }
    }
    return groups
  }

  /// Why the model cannot take a prompt; nil when it can.
  private func refusal(_ request: GenerationRequest) -> DSXError? {
    let session = context.session
    guard !request.ids.isEmpty else { return DSXError(.usage, "the prompt is empty") }
    guard request.ids.count <= context.positions else {
      return DSXError(
        .usage,
        "the prompt has \(request.ids.count) ids, the model's context is \(context.positions)",
        hint: "shorten it, or let --on-long truncate-left or truncate-right cut it")
    }
    for (position, id) in request.ids.enumerated()
    where id < 0 || Int(id) >= session.vocabularySize {
      return DSXError(
        .usage,
        "id \(id) at position \(position) of the prompt is outside the model's vocabulary of "
          + "\(session.vocabularySize)", hint: "the tokenizer does not belong to this model")
    }
    return nil
  }
}
