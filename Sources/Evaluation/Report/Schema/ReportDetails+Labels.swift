public import DSXCore

/// The scores of one label.
public struct ClassScore: ReportPart {
  /// The label's id.
  public var label: String
  /// Its name for readers.
  public var word: String?
  /// Precision; nil: not defined.
  public var precision: Double?
  /// Recall; nil: not defined.
  public var recall: Double?
  /// F1; nil: not defined.
  public var f1: Double?
  /// The standard error of F1.
  public var f1Error: Double?
  /// F1 of the baseline.
  public var baselineF1: Double?
  /// Examples whose right answer it is.
  public var support: Int
  /// Examples that were answered so.
  public var predicted: Int

  /// A label's scores.
  public init(
    label: String, word: String? = nil, precision: Double?, recall: Double?, f1: Double?,
    f1Error: Double? = nil, baselineF1: Double? = nil, support: Int, predicted: Int
  ) {
    self.label = label
    self.word = word
    self.precision = precision
    self.recall = recall
    self.f1 = f1
    self.f1Error = f1Error
    self.baselineF1 = baselineF1
    self.support = support
    self.predicted = predicted
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    label = try reader.identifier("label")
    word = try reader.string("word")
    precision = try reader.number("precision")
    recall = try reader.number("recall")
    f1 = try reader.number("f1")
    f1Error = try reader.number("f1_standard_error")
    baselineF1 = try reader.number("baseline_f1")
    support = try reader.count("support") ?? 0
    predicted = try reader.count("predicted") ?? 0
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("label", label)
    members.add("word", word)
    members.add("precision", precision)
    members.add("recall", recall)
    members.add("f1", f1)
    members.add("f1_standard_error", f1Error)
    members.add("baseline_f1", baselineF1)
    members.add("support", support)
    members.add("predicted", predicted)
    return members.json
  }

  /// Id and name, once each.
  var title: String {
    guard let word, !word.isEmpty, word != label else { return label }
    return "\(label) \(word)"
  }
}

/// Counts of right labels (rows) and answers (columns).
public struct ConfusionTable: ReportPart {
  /// The labels' ids, for rows and columns.
  public var labels: [String]
  /// `rows[right][answer]`.
  public var rows: [[Int]]

  /// A table.
  public init(labels: [String], rows: [[Int]]) {
    self.labels = labels
    self.rows = rows
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    labels = try reader.strings("labels")
    rows = []
    for element in try reader.elements("rows") {
      let counts = (element.array ?? []).compactMap(\.int).filter { $0 >= 0 }
      guard counts.count == labels.count, element.array?.count == labels.count else {
        throw reader.fault("rows", "no table with one count a label")
      }
      rows.append(counts)
    }
    guard rows.count == labels.count else {
      throw reader.fault("rows", "no table with one row a label")
    }
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("labels", value: .array(labels.map { .string($0) }))
    members.add(
      "rows", value: .array(rows.map { row in .array(row.map { .int(Int64($0)) }) }))
    return members.json
  }
}

/// How sure answers were, and how often they were right.
public struct Reliability: ReportPart {
  /// Answers of about the same confidence.
  public struct Bin: ReportPart {
    /// The bin's lower end, 0...1.
    public var lower: Double
    /// The upper end.
    public var upper: Double
    /// Answers in it.
    public var count: Int
    /// Their mean confidence.
    public var confidence: Double
    /// The share of right ones.
    public var accuracy: Double

    /// A bin.
    public init(
      lower: Double, upper: Double, count: Int, confidence: Double, accuracy: Double
    ) {
      self.lower = lower
      self.upper = upper
      self.count = count
      self.confidence = confidence
      self.accuracy = accuracy
    }

    /// Reads the part; as `ReportPart` says.
    public init(_ reader: ReportReader) throws(DSXError) {
      lower = try reader.needed("lower")
      upper = try reader.needed("upper")
      count = try reader.count("n") ?? 0
      confidence = try reader.number("confidence") ?? (lower + upper) / 2
      accuracy = try reader.number("accuracy") ?? 0
    }

    /// The part as it stands in the file.
    public var json: JSONValue {
      var members = ReportMembers()
      members.add("lower", lower)
      members.add("upper", upper)
      members.add("n", count)
      members.add("confidence", confidence)
      members.add("accuracy", accuracy)
      return members.json
    }
  }

  /// The bins that hold anything, from unsure to sure.
  public var bins: [Bin]
  /// The expected calibration error.
  public var calibrationError: Double?
  /// What confidence means here, e.g. `softmax of the label losses`.
  public var confidence: String?

  /// A table.
  public init(bins: [Bin], calibrationError: Double? = nil, confidence: String? = nil) {
    self.bins = bins
    self.calibrationError = calibrationError
    self.confidence = confidence
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    bins = try reader.parts("bins")
    calibrationError = try reader.number("expected_calibration_error")
    confidence = try reader.string("confidence")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("bins", value: .array(bins.map(\.json)))
    members.add("expected_calibration_error", calibrationError)
    members.add("confidence", confidence)
    return members.json
  }
}
