internal import DSXCore
internal import Jobs

/// Makes the parts of one step.
protocol PartMaker {
  /// Writes the files of a part up to the point where another thread can finish them, and returns how.
  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart
}

/// Finishes a part: headers, indexes, hashes, the move into place. May run on any thread.
typealias FinishPart = @Sendable () throws(DSXError) -> Void
