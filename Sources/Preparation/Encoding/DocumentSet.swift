internal import DSXCore
internal import Kernels

/// Which of the two record sets a document goes to.
public enum DocumentSet: Int, CaseIterable, Sendable {
  case train
  case validation

  /// What is added to the name of the output. Not before its ending: loaders that take every
  /// `*mindrecord0` of a folder for training data must not find the validation set.
  public var suffix: String { self == .train ? "" : ".validation" }
}

/// Which documents are kept for validation: by a hash of their text, so that each document's fate is
/// independent of all others, and equal texts are on the same side.
struct ValidationSplit: Hashable, Sendable {
  /// Share of the documents, above 0 and below 1.
  var ratio: Double
  /// Chooses another split.
  var seed: UInt64

  /// The first 8 bytes (big-endian) of SHA-256(seed as 8 little-endian bytes, text), as a fraction of
  /// 2^64, are below the ratio: validation.
  func set(of text: UnsafeRawBufferPointer) -> DocumentSet {
    var hash = SHA256(blocks: dsx_sha256_blocks)
    withUnsafeBytes(of: seed.littleEndian) { hash.update($0) }
    hash.update(text)
    let digest = UInt64(hash.hexDigest().prefix(16), radix: 16) ?? 0
    return Double(digest >> 11) * 0x1p-53 < ratio ? .validation : .train
  }
}
