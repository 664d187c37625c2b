public import DSXCore
internal import Kernels

/// All tensors of a model by name, from one weight file of any format or from several that together
/// hold the model.
public struct TensorStore: Sendable {
  /// The files, in the order given; those of an index in the order of their names.
  public let files: [WeightFile]
  private let places: [String: (file: Int, entry: TensorEntry)]
  /// What writes down the requests instead of answering them, for `dsx models check`.
  var survey: TensorSurvey?

  /// Opens files that together hold a model; a name in two of them is an error.
  ///
  /// Throws as `WeightFile` does, and `corrupt` for a tensor that is in two files.
  public init(files paths: [String]) throws(DSXError) {
    var files: [WeightFile] = []
    for path in paths { files.append(try WeightFile(path: path)) }
    var places: [String: (file: Int, entry: TensorEntry)] = [:]
    for (number, file) in files.enumerated() {
      for entry in file.tensors {
        if let other = places.updateValue((number, entry), forKey: entry.name) {
          throw DSXError(
            .corrupt, "the tensor '\(entry.name)' is also in \(files[other.file].file.path)",
            file: file.file.path, byte: entry.offset)
        }
      }
    }
    self.files = files
    self.places = places
  }

  /// The file that holds a tensor, or nil.
  public func file(of name: String) -> WeightFile? { place(name).map { files[$0.file] } }

  /// Names are their UTF-8: another normalisation of the same text is another name.
  private func place(_ name: String) -> (file: Int, entry: TensorEntry)? {
    guard let place = places[name], place.entry.name.utf8.elementsEqual(name.utf8) else {
      return nil
    }
    return place
  }

  /// All names, sorted by their UTF-8.
  public var names: [String] {
    let names = places.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard let visible = survey?.visible else { return names }
    return names.filter(visible.contains)
  }

  /// Where a tensor lies, or nil.
  public func entry(_ name: String) -> TensorEntry? { place(name)?.entry }

  /// A tensor as float32.
  ///
  /// - Parameter shape: the shape that the configuration asks for; nil takes any.
  /// Throws `corrupt` when it is not there or has another shape.
  public func floats(_ name: String, shape: [Int]? = nil) throws(DSXError) -> FloatTensor {
    if let survey { return try surveyedFloats(name, shape, survey) }
    guard let place = place(name) else {
      throw DSXError(
        .corrupt, "the weights lack the tensor '\(name)'" + (shape.map { " of shape \($0)" } ?? ""),
        file: files.first?.file.path, hint: "the weights do not belong to this configuration")
    }
    if let shape, shape != place.entry.shape {
      throw DSXError(
        .corrupt,
        "the tensor '\(name)' has the shape \(place.entry.shape), but the configuration asks for "
          + "\(shape)", file: files[place.file].file.path, byte: place.entry.offset,
        hint: "the weights do not belong to this configuration")
    }
    return try FloatTensor(place.entry, in: files[place.file].file)
  }

  /// A tensor's elements as they are stored: row-major, little-endian, quantised blocks as they are.
  ///
  /// Throws `corrupt` when it is not there, or its packed member is damaged.
  public func bytes(_ name: String) throws(DSXError) -> TensorBytes {
    guard let place = place(name) else {
      throw DSXError(
        .corrupt, "the weights lack the tensor '\(name)'", file: files.first?.file.path)
    }
    return try TensorBytes(place.entry, in: files[place.file].file)
  }

  /// SHA-256 of a tensor's elements as they are stored, row-major and little-endian.
  public func digest(_ name: String) throws(DSXError) -> String {
    var hash = SHA256(blocks: dsx_sha256_blocks)
    try bytes(name).withBytes { hash.update($0) }
    return hash.hexDigest()
  }

  /// The element type of the weights: `f16`, or `f16+f32` where they are mixed.
  public func storedType(of names: [String]) -> String {
    Set(names.compactMap { places[$0]?.entry.type.shortName }).sorted().joined(separator: "+")
  }

  /// SHA-256 of the one file; of several, SHA-256 of the lines `digest  name` in order of names.
  public func fingerprint() -> String {
    if survey != nil { return "" }
    let digests = files.map { file in
      var hash = SHA256(blocks: dsx_sha256_blocks)
      hash.update(file.file.bytes)
      return (hash.hexDigest(), FilePath.split(file.file.path).name)
    }
    if digests.count == 1 { return digests[0].0 }
    return SHA256.hex(digests.map { "\($0.0)  \($0.1)\n" }.joined())
  }
}
