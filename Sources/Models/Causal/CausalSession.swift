internal import DSXCore
internal import Kernels

/// Sequences that grow id by id: their keys and values are kept in runs that sequences share.
///
/// The rows of all sequences that grow go through the layers together, so the weights are read once a
/// step; the columns of each product are shared by a team of threads.
final class CausalSession: GenerationSession {
  /// Tokens of the runs that a sequence grows by.
  static let pageTokens = 16
  /// Rows whose logits are made at a time.
  private static let logitRows = 32

  private let model: CausalModel
  private let parts: CausalParts
  private let options: ComputeOptions
  private let team: WorkerTeam
  private let workspace = TransformerWorkspace()
  private var sequences: [Int: KeptSequence] = [:]
  private var nextSlot = 0
  private(set) var tally = ComputeTally()

  init(_ model: CausalModel, _ parts: CausalParts, _ options: ComputeOptions) {
    self.model = model
    self.parts = parts
    self.options = options
    team = WorkerTeam(size: options.workers)
  }

  var vocabularySize: Int { parts.vocabulary }
  var context: Int { parts.context }

  func length(of slot: Int) -> Int { sequences[slot]?.length ?? 0 }

  func release(_ slot: Int) { sequences[slot] = nil }

  func copy(_ slot: Int) throws(DSXError) -> Int {
    guard let sequence = sequences[slot] else { throw Self.unknown(slot) }
    try checkMemory(more: 0, sequences: 1)
    defer { nextSlot += 1 }
    sequences[nextSlot] = sequence.copy()
    return nextSlot
  }

  func withLogits<Result>(of slot: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    guard let sequence = sequences[slot] else {
      return body(UnsafeBufferPointer(start: nil, count: 0))
    }
    return sequence.logits.withUnsafeBufferPointer(body)
  }

  private static func unknown(_ slot: Int) -> DSXError {
    DSXError(.internal, "there is no sequence in slot \(slot)")
  }

  // MARK: prompts

  func start(_ prompts: [[Int32]]) throws(DSXError) -> [Int] {
    for (index, prompt) in prompts.enumerated() {
      guard !prompt.isEmpty else {
        throw DSXError(
          .usage, "prompt \(index) is empty",
          hint: "a model needs at least one id to go on from; give it the bos id")
      }
      guard prompt.count <= context else {
        throw DSXError(
          .usage,
          "prompt \(index) has \(prompt.count) ids, more than the model's context of \(context)",
          hint: "shorten it, or see --on-long")
      }
      try model.check(prompt, "prompt \(index)")
    }
    guard !prompts.isEmpty else { return [] }
    let lengths = prompts.map(\.count)
    let tree = PrefixTree(prompts, lengths: lengths, shares: options.sharesPrefixes)
    try checkMemory(
      more: tree.nodes.reduce(0) { $0 + $1.tokens.count }, sequences: prompts.count)
    let budget = try MemoryBudget(parts, options, longest: lengths.max() ?? 0)
    let levels = PassJob.compose(tree, budget: budget.rows).levels
    var kept: [Int: KeyValueRun] = [:]
    for (index, node) in tree.nodes.enumerated() {
      kept[index] = makeRun(node.tokens.count)
    }
    // Prompts by the node that holds their last id.
    var ending: [Int: [Int]] = [:]
    for (index, leaf) in tree.leaves.enumerated() { ending[leaf, default: []].append(index) }
    var logits = [KeptSequence.Logits?](repeating: nil, count: prompts.count)
    for job in levels.joined() {
      try run(job, tree, prompts, kept, ending, &logits)
    }
    tally.requestedTokens += lengths.reduce(0, +)
    tally.computedTokens += tree.nodes.reduce(0) { $0 + $1.tokens.count }
    return prompts.indices.map { index in
      var runs: [KeptSequence.Part] = []
      var node: Int? = tree.leaves[index]
      while let current = node {
        if let run = kept[current] {
          // A shorter prompt may end inside of what another goes on with.
          let count = min(tree.nodes[current].tokens.upperBound, lengths[index])
          runs.append(
            KeptSequence.Part(run: run, count: count - tree.nodes[current].tokens.lowerBound))
        }
        node = tree.nodes[current].parent
      }
      defer { nextSlot += 1 }
      sequences[nextSlot] = KeptSequence(
        parts: runs.reversed(), logits: logits[index] ?? KeptSequence.Logits())
      return nextSlot
    }
  }

  private func run(
    _ job: PassJob, _ tree: PrefixTree, _ prompts: [[Int32]], _ kept: [Int: KeyValueRun],
    _ ending: [Int: [Int]], _ logits: inout [KeptSequence.Logits?]
  ) throws(DSXError) {
    let plan = TreePlan(
      tree, job, past: [], kept: kept, joinsNodes: options.sharesPrefixes)
    var ids: [Int32] = []
    var rows: [Int] = []
    var owners: [[Int]] = []
    for (index, number) in job.nodes.enumerated() {
      let node = tree.nodes[number]
      ids += prompts[node.sequence][node.tokens]
      guard let prompts = ending[number] else { continue }
      rows.append(plan.firstRows[index] + node.tokens.count - 1)
      owners.append(prompts)
    }
    let pass = CausalPass(parts, workspace, team: team)
    pass.run(plan.rows, ids: ids)
    let made = try makeLogits(pass, rows) { "the logits of prompt \(owners[$0][0])" }
    for (row, prompts) in owners.enumerated() {
      for prompt in prompts { logits[prompt] = made[row] }
    }
  }

  // MARK: steps

  func append(_ ids: [Int32], to slots: [Int]) throws(DSXError) {
    guard ids.count == slots.count, Set(slots).count == slots.count else {
      throw DSXError(.internal, "a step needs one id for each of its sequences")
    }
    guard !ids.isEmpty else { return }
    try model.check(ids, "a step")
    for slot in slots {
      guard let sequence = sequences[slot] else { throw Self.unknown(slot) }
      guard sequence.length < context else {
        throw DSXError(
          .usage, "a sequence has the model's whole context of \(context) ids",
          hint: "ask for fewer tokens")
      }
    }
    try checkMemory(more: slots.count * Self.pageTokens, sequences: 0)
    for start in stride(from: 0, to: slots.count, by: Linear.fewRows) {
      let rows = start..<min(slots.count, start + Linear.fewRows)
      try step(Array(ids[rows]), Array(slots[rows]))
    }
    tally.requestedTokens += ids.count
    tally.computedTokens += ids.count
  }

  /// One pass over few sequences: what it rounds to does not depend on how many they are.
  private func step(_ ids: [Int32], _ slots: [Int]) throws(DSXError) {
    var plan = RowPlan()
    for (row, slot) in slots.enumerated() {
      guard let sequence = sequences[slot] else { throw Self.unknown(slot) }
      plan.addSequence(length: 1, isCausal: true, past: sequence.spans)
      let place = sequence.grow { capacity, first in
        self.makeRun(capacity, copying: first)
      }
      plan.keep(row..<row + 1, in: place.run, at: place.token)
    }
    let pass = CausalPass(parts, workspace, team: team)
    pass.run(plan, ids: ids)
    let made = try makeLogits(pass, Array(slots.indices)) {
      "the logits of the sequence in slot \(slots[$0])"
    }
    for (row, slot) in slots.enumerated() { sequences[slot]?.logits = made[row] }
  }

  private func makeRun(_ capacity: Int, copying part: KeptSequence.Part? = nil) -> KeyValueRun {
    let layers = parts.transformer.layers.count
    if let part {
      return part.run.copy(
        part.count, capacity: capacity, configuration: parts.configuration)
    }
    return KeyValueRun(
      capacity: capacity, configuration: parts.configuration, layers: layers)
  }

  /// The logits of rows of a pass, rising.
  private func makeLogits(
    _ pass: CausalPass, _ rows: [Int], _ what: (Int) -> String
  ) throws(DSXError) -> [KeptSequence.Logits] {
    guard !rows.isEmpty else { return [] }
    let head = parts.head
    let normed = pass.gather(rows)
    workspace.reserveTile(min(rows.count, Self.logitRows) * head.outputs)
    var made: [KeptSequence.Logits] = []
    for start in stride(from: 0, to: rows.count, by: Self.logitRows) {
      let count = min(Self.logitRows, rows.count - start)
      let tile = workspace.tile.floats
      TransformerPass(parts.transformer, workspace, team: team).multiply(
        head, LinearInput(rows: count, floats: normed + start * head.inputs, step: head.inputs),
        into: tile, step: head.outputs)
      dsx_add_rows(tile, head.bias, count, head.outputs)
      for row in 0..<count {
        let logits = tile + row * head.outputs
        guard dsx_first_not_finite(logits, head.outputs) == head.outputs else {
          throw model.memory.notFinite(what(start + row))
        }
        made.append(Array(UnsafeBufferPointer(start: logits, count: head.outputs)))
      }
    }
    tally.logitRows += rows.count
    return made
  }

  /// Throws `usage` when the sequences with so many more tokens would pass the limit. Shared runs count
  /// for each sequence.
  private func checkMemory(more tokens: Int, sequences more: Int) throws(DSXError) {
    guard let limit = options.memoryLimit else { return }
    let capacity = sequences.values.reduce(0) { $0 + $1.capacity }
    let perToken = KeyValueRun.bytes(
      capacity: 1, configuration: parts.configuration,
      layers: parts.transformer.layers.count)
    let bytes = (capacity + tokens) * perToken + (sequences.count + more) * vocabularySize * 4
    guard bytes <= limit else {
      throw DSXError(
        .usage,
        "\(sequences.count + more) sequences need \(MemoryNeed.text(bytes)) beyond the weights, "
          + "more than the limit of \(MemoryNeed.text(limit))",
        hint: "raise --memory-limit, or generate fewer at once")
    }
  }
}
