internal import DSXCore
internal import Jobs

/// Decides over all shards which documents are dropped. One part; it holds a drop list for each shard.
struct SelectStep: PartMaker {
  let work: WorkFolder
  let stage: QualityStage

  /// The name of the drop list of a shard of the scan.
  static func dropsName(_ scan: WorkStep, _ shard: Int) -> String {
    scan.partName(shard) + ".drops"
  }

  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart {
    let scan = try work.step(PreparationContext.StepName.scan)
    let scans = (0..<scan.shards).map {
      FilePath.join(work.part(scan, $0), ScanStep.scanName)
    }
    let drops = (0..<scan.shards).map { claim.path(Self.dropsName(scan, $0)) }
    _ = try QualitySelection(stage).select(scans: scans, drops: drops)
    progress.add(1)
    return { () throws(DSXError) in _ = try claim.publish(counts: .object([])) }
  }
}
