/// What a scan keeps of a document: all that selection needs, never the text.
public struct DocumentNote: Hashable, Sendable {
  /// The filter that it failed, if any; such a document takes no part in the search for duplicates.
  public var drop: DropReason?
  /// The first and second half of the content's 128-bit hash; 0 unless exact duplicates are dropped.
  public var hash: SIMD2<UInt64> = .zero
  /// One key a bucket; empty unless near duplicates are dropped. All 0 for a text without a unit.
  public var bands: [UInt64] = []
  /// The smallest hash of each function; empty unless pairs are verified.
  public var signature: [UInt32] = []

  /// A note.
  public init(drop: DropReason? = nil) { self.drop = drop }
}
