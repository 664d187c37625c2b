internal import DSXCore
internal import Jobs

/// The data card and the list of dropped documents of a whole preparation, from those of its parts.
extension Preparation {
  /// The names of the files that lie beside the records.
  static func sideNames(_ options: PreparationOptions) -> [String] {
    let name = FilePath.split(options.output).name
    var names: [String] = []
    if options.quality.isActive { names.append(name + ".dropped.jsonl") }
    if options.writesCard { names += [name + ".report.json", name + ".report.html"] }
    return names
  }

  /// Writes these files into the work folder; gives their paths, in the order of `sideNames`.
  ///
  /// They hold no times, hosts or paths: equal plans give equal bytes.
  func writeSideFiles(_ work: WorkFolder, _ counts: PreparationCounts) throws(DSXError) -> [String]
  {
    let names = Self.sideNames(options)
    guard !names.isEmpty else { return [] }
    let folder = FilePath.join(work.path, "card")
    try FilePath.makeFolder(folder)
    let paths = names.map { FilePath.join(folder, $0) }
    let step = try work.step(PreparationContext.StepName.encode)
    let parts = (0..<step.shards).map { work.part(step, $0) }
    if options.quality.isActive { try Self.joinDropped(parts, to: paths[0]) }
    if options.writesCard {
      let card = try card(parts, work.work.plan, counts)
      let json = card.json.text(.indented) + "\n"
      try Self.write(Array(json.utf8), to: paths[paths.count - 2])
      try Self.write(Array(card.html.utf8), to: paths[paths.count - 1])
    }
    return paths
  }

  private func card(
    _ parts: [String], _ plan: JobPlan, _ counts: PreparationCounts
  ) throws(DSXError) -> PreparationCard {
    var statistics = CardStatistics(sequenceLength: options.sequenceLength)
    for part in parts {
      let path = FilePath.join(part, EncodeStep.cardName)
      do {
        statistics.merge(
          try CardStatistics(state: try JSONParser.parse(file: path, required: true)))
      } catch {
        throw error.inFile(path)
      }
    }
    var facts = PreparationCard.Facts()
    facts.title = FilePath.split(options.output).name
    facts.tool = options.tool
    facts.options = plan.options
    facts.plan = plan.id
    facts.inputs = plan.inputs.map {
      PreparationCard.Input(name: $0.name, bytes: $0.size, sha256: $0.sha256)
    }
    facts.vocabulary = vocabulary.fingerprint
    facts.quality = options.quality
    facts.countsUnknown = vocabulary.unknown != nil
    facts.counts = counts.json
    return PreparationCard(statistics, facts)
  }

  /// The lines of all parts, in their order.
  private static func joinDropped(_ parts: [String], to path: String) throws(DSXError) {
    var file = try BufferedFile(path: path)
    for part in parts {
      let dropped = try MappedFile(
        path: FilePath.join(part, EncodeStep.droppedName), required: true)
      defer { withExtendedLifetime(dropped) {} }
      var start = 0
      while start < dropped.bytes.count {
        let end = min(dropped.bytes.count, start + (1 << 20))
        try file.append(Array(dropped.bytes[start..<end]))
        start = end
      }
    }
    try file.finish()
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(DSXError) {
    var file = try BufferedFile(path: path)
    try file.append(bytes)
    try file.finish()
  }
}
