/// The working state of one thread: merger, cache of pieces, and space that is used again.
struct ModelScratch {
  var merger: BytePairMerger
  var cache = PieceCache()
  var symbols: [Int32] = []
  var lengths: [Int32] = []
  var part: [Int32] = []
  var key: [UInt8] = []
  var scores: [Double] = []
  var starts: [Int32] = []
  var path: [ModelToken] = []
  var tokens: [ModelToken] = []

  init(_ merges: MergeTable) { merger = BytePairMerger(merges) }
}
