internal import DSXCore

extension TensorStore {
  /// A tensor as float64: F64 as it is stored, everything else exactly from float32.
  ///
  /// Throws as `floats` does.
  func doubles(_ name: String, shape: [Int]? = nil) throws(DSXError) -> [Double] {
    if let survey, !survey.readsValues {
      // Ones, which nothing is divided by in vain.
      let tensor = try surveyedFloats(name, shape, survey)
      return [Double](repeating: 1, count: tensor.elements.count)
    }
    guard let entry = entry(name), entry.type == .f64, shape == nil || shape == entry.shape,
      let file = file(of: name)
    else {
      let tensor = try floats(name, shape: shape)
      return tensor.withElements { $0.map { Double($0) } }
    }
    return try file.bytes(of: entry).withBytes { bytes in
      (0..<entry.count).map {
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
      }
    }
  }
}
