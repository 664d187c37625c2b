/// Looks for the n-grams of evaluation sets in documents.
struct ContaminationScan {
  private let index: EvaluationIndex
  private let powers: [UInt64]

  init(_ index: EvaluationIndex) {
    self.index = index
    powers = WeightedWindow.powers(index.words)
  }

  /// The number of n-grams that are in an evaluation set, and the item of the first; nil when none is.
  func judge(_ units: UnitList) -> DropReason? {
    var (hits, item) = (0, 0)
    units.hashes.withUnsafeBufferPointer { hashes in
      units.lengths.withUnsafeBufferPointer { lengths in
        powers.withUnsafeBufferPointer { powers in
          WeightedWindow.forEach(index.words, hashes: hashes, lengths: lengths, powers: powers) {
            _, _, hash in
            guard let found = index.item(hash) else { return }
            if hits == 0 { item = found }
            hits += 1
          }
        }
      }
    }
    return hits > 0 ? DropReason(.contamination, value: Double(hits), item: item) : nil
  }
}
