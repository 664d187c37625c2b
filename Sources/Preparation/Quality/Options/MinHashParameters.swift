internal import DSXCore

/// How near duplicates are found: shingles, hash functions and buckets.
///
/// Two documents whose shingle sets have the Jaccard similarity s share a bucket with the
/// probability 1 - (1 - s^hashes)^buckets: with the defaults 0.56 at s = 0.70 (0.77 at 0.75, 0.92 at
/// 0.8). The defaults are those of datatrove's FineWeb recipe.
public struct MinHashParameters: Hashable, Sendable {
  /// Units (words; single characters of Han and the like) in a shingle.
  public var ngram = 5
  /// Number of buckets; documents that agree in one of them are put together.
  public var buckets = 14
  /// Hash functions in a bucket.
  public var hashes = 8
  /// Estimated similarity that a pair must reach as well; nil: sharing a bucket is enough.
  public var verify: Double?
  /// Chooses the hash functions.
  public var seed: UInt64 = 1

  /// The defaults.
  public init() {}

  /// Number of hash functions.
  public var signatureCount: Int { buckets * hashes }

  var json: JSONValue {
    [
      "ngram": .int(Int64(ngram)), "buckets": .int(Int64(buckets)), "hashes": .int(Int64(hashes)),
      "verify": verify.map { .double($0) } ?? .null, "seed": .int(Int64(bitPattern: seed)),
    ]
  }
}
