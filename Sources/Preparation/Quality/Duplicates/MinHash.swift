internal import DSXCore
internal import Kernels

/// MinHash signatures of unit n-grams, and their bucket keys (Broder 1997; bands after Leskovec,
/// Rajaraman and Ullman, section 3.4).
///
/// A shingle is `ngram` units in a row; a document with fewer has one of all its units, one without
/// units has none. Its 64-bit polynomial hash is folded to 32 bits x, and hash function j is
/// `a[j] * x + b[j] mod 2^32` with an odd a, both drawn by PCG64 from the seed.
struct MinHash {
  private let parameters: MinHashParameters
  private let multiply: [UInt32]
  private let add: [UInt32]
  private let power: UInt64
  private var shingles: [UInt32] = []
  /// The smallest value of each function over the last document.
  private(set) var signature: [UInt32]
  /// Shingles that are handed to the loop over functions at a time: they stay in the first cache.
  private static let chunk = 2048

  init(_ parameters: MinHashParameters) {
    self.parameters = parameters
    var generator = PCG64(seed: parameters.seed)
    var (multiply, add) = ([UInt32](), [UInt32]())
    for _ in 0..<parameters.signatureCount {
      multiply.append(UInt32(truncatingIfNeeded: generator.next()) | 1)
      add.append(UInt32(truncatingIfNeeded: generator.next()))
    }
    self.multiply = multiply
    self.add = add
    var power: UInt64 = 1
    for _ in 1..<max(1, parameters.ngram) { power = power &* WeightedWindow.base }
    self.power = power
    signature = [UInt32](repeating: .max, count: parameters.signatureCount)
    shingles.reserveCapacity(Self.chunk)
  }

  /// Computes the signature; false, with a signature of all ones, when there is no unit.
  mutating func sign(_ units: UnitList) -> Bool {
    for index in signature.indices { signature[index] = .max }
    guard units.count > 0 else { return false }
    let length = min(parameters.ngram, units.count)
    var hash: UInt64 = 0
    units.hashes.withUnsafeBufferPointer { hashes in
      // The first term of a shorter document's only shingle is never taken away again.
      for index in 0..<hashes.count {
        hash = hash &* WeightedWindow.base &+ hashes[index]
        guard index >= length - 1 else { continue }
        shingles.append(UInt32(truncatingIfNeeded: Mixing.spread(hash) >> 32))
        hash = hash &- hashes[index - length + 1] &* power
        if shingles.count == Self.chunk { update() }
      }
    }
    update()
    return true
  }

  private mutating func update() {
    shingles.withUnsafeBufferPointer { values in
      signature.withUnsafeMutableBufferPointer { signature in
        dsx_minhash_update(
          values.baseAddress, values.count, multiply, add, signature.baseAddress, signature.count)
      }
    }
    shingles.removeAll(keepingCapacity: true)
  }

  /// One key a bucket; never 0, which stands for no units.
  var bands: [UInt64] {
    (0..<parameters.buckets).map { band in
      var key = UInt64(band)
      for index in band * parameters.hashes..<(band + 1) * parameters.hashes {
        key = Mixing.combine(key, UInt64(signature[index]))
      }
      return key == 0 ? 1 : key
    }
  }
}
