internal import DSXCore

/// The entries of images: rows of pixels as nested JSON arrays.
enum ImageEntries {
  private static let gold = MetricColumn(
    "target", .json, also: ["label", "gold"],
    "the true image: rows of numbers, or channels of rows")
  private static let predicted = MetricColumn(
    "prediction", .json, also: ["pred", "preds"], "the predicted image, of the same size")
  private static let range = MetricParameter(
    "data-range", .number(0.000001...1e9), default: .double(255),
    "the largest difference that pixels can have")

  /// Channels of rows; an image of rows has one channel.
  private static func planes(_ row: MetricRow, _ role: String) throws(DSXError) -> [[[Double]]] {
    let value = try row.json(role)
    func fault() -> DSXError {
      DSXError(
        .malformed, "the \(role) is no image",
        hint: "an image is an array of rows of numbers, or an array of such channels")
    }
    guard let outer = value.array, let first = outer.first?.array, !first.isEmpty else {
      throw fault()
    }
    let channels = first.first?.array == nil ? [value] : outer
    var planes: [[[Double]]] = []
    for channel in channels {
      var rows: [[Double]] = []
      for line in channel.array ?? [] {
        guard let cells = line.array else { throw fault() }
        var numbers: [Double] = []
        numbers.reserveCapacity(cells.count)
        for cell in cells {
          guard let number = cell.double else { throw fault() }
          numbers.append(number)
        }
        rows.append(numbers)
      }
      planes.append(rows)
    }
    return planes
  }

  private static func pair(_ row: MetricRow) throws(DSXError) -> ImagePair {
    try ImagePair(gold: planes(row, "target"), predicted: planes(row, "prediction"))
  }

  private static let ratio = MetricEntry(
    name: "psnr", group: .image, summary: "peak signal-to-noise ratio",
    formula: "10 log10(range² / mean squared error), over all pixels of all images", unit: "dB",
    range: -Double.infinity...Double.infinity, higherIsBetter: true, parameters: [range],
    inputs: [gold, predicted], reference: "torchmetrics 1.9.0 peak_signal_noise_ratio",
    edgeCases: ["images without any error: infinite", "images of different sizes are errors"]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(try SignalToNoise(dataRange: options.number("data-range"))) {
      (row: MetricRow) throws(DSXError) -> ImagePair in try pair(row)
    }
  }

  private static let similarity = MetricEntry(
    name: "ssim", group: .image, summary: "structural similarity",
    formula: "mean of (2 mx my + c1)(2 sxy + c2) / ((mx² + my² + c1)(sx² + sy² + c2))",
    unit: "ratio", range: -1...1, higherIsBetter: true,
    parameters: [
      range,
      MetricParameter(
        "sigma", .number(0.1...100), default: .double(1.5), "standard deviation of the window"),
    ], inputs: [gold, predicted],
    reference: "torchmetrics 1.9.0 structural_similarity_index_measure (Gaussian window)",
    edgeCases: ["borders are mirrored", "images not larger than half a window are errors"]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let metric = try StructuralSimilarity(
      dataRange: options.number("data-range"), sigma: options.number("sigma"))
    return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> ImagePair in try pair(row) }
  }

  private static let intersection = MetricEntry(
    name: "miou", group: .image, summary: "mean intersection over union of pixel classes",
    formula: "mean over classes of tp / (gold + predicted - tp)", unit: "ratio", range: 0...1,
    higherIsBetter: true,
    parameters: [
      MetricParameter(
        "classes", .integer(1...LabelSet.maximumCount), default: nil, "number of classes"),
      LabelEntries.absent,
    ], inputs: [gold, predicted],
    reference: "scikit-learn 1.9 jaccard_score over the pixels of all masks",
    edgeCases: [
      "masks hold whole numbers from 0; others, and unknown classes, are errors",
      "counts of all masks' pixels are summed first; an example is a pair of masks",
      "a class that never occurs counts 0 unless absent is skip",
    ]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let metric = try MeanIntersection(
      classes: options.integer("classes"), absent: options.choice("absent"))
    return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> MeanIntersection.Example in
      MeanIntersection.Example(
        gold: try mask(row, "target"), predicted: try mask(row, "prediction"))
    }
  }

  private static func mask(_ row: MetricRow, _ role: String) throws(DSXError) -> [Int32] {
    var classes: [Int32] = []
    for value in try planes(row, role).joined().joined() {
      guard let whole = Int32(exactly: value) else {
        throw DSXError(.malformed, "the \(role) holds \(value), which is no class")
      }
      classes.append(whole)
    }
    return classes
  }

  static let entries = [intersection, ratio, similarity]
}
