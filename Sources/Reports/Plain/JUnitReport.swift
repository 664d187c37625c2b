/// Test cases as JUnit XML, which CI servers show: one suite, one case a gate.
public struct JUnitReport: Sendable, Equatable {
  /// How a case ended.
  public enum Outcome: Sendable, Equatable {
    /// Well.
    case passed
    /// Not well, and why, in one sentence; the kind is a word, e.g. `worse`.
    case failed(sentence: String, kind: String)
    /// It could not be judged, and why.
    case error(sentence: String, kind: String)
  }

  /// One case.
  public struct Case: Sendable, Equatable {
    /// Its name, unique in the suite.
    public var name: String
    /// What it belongs to, e.g. the model and data set.
    public var group: String
    /// How it ended.
    public var outcome: Outcome
    /// What else to say, shown as its output.
    public var output: String?

    /// A case.
    public init(name: String, group: String, outcome: Outcome, output: String? = nil) {
      self.name = name
      self.group = group
      self.outcome = outcome
      self.output = output
    }
  }

  /// The suite's name.
  public var name: String
  /// The cases.
  public var cases: [Case]
  /// When it began, UTC.
  public var timestamp: String?
  /// How long it took, seconds.
  public var seconds: Double?

  /// A suite.
  public init(
    name: String, cases: [Case], timestamp: String? = nil, seconds: Double? = nil
  ) {
    self.name = name
    self.cases = cases
    self.timestamp = timestamp
    self.seconds = seconds
  }

  /// The whole file, ending in a line feed.
  public func render() -> String {
    let failures = cases.count { if case .failed = $0.outcome { true } else { false } }
    let errors = cases.count { if case .error = $0.outcome { true } else { false } }
    let time = NumberFormat.plain(seconds ?? 0, 3)
    let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"dsx\" \(counts) time=\"\(time)\">\n"
    text +=
      "  <testsuite name=\"\(HTMLEscape.text(name))\" \(counts) skipped=\"0\" time=\"\(time)\""
    // The schema's timestamp has no zone.
    if var timestamp, !timestamp.isEmpty {
      if timestamp.hasSuffix("Z") { timestamp.removeLast() }
      text += " timestamp=\"\(HTMLEscape.text(timestamp))\""
    }
    text += ">\n"
    for item in cases {
      text += "    <testcase classname=\"\(HTMLEscape.text(item.group))\""
      text += " name=\"\(HTMLEscape.text(item.name))\" time=\"0.000\""
      var inside = ""
      switch item.outcome {
      case .passed: break
      case .failed(let sentence, let kind): inside = Self.fault("failure", sentence, kind)
      case .error(let sentence, let kind): inside = Self.fault("error", sentence, kind)
      }
      if let output = item.output, !output.isEmpty {
        inside +=
          "      <system-out>\(HTMLEscape.text(output, keepingLines: true))</system-out>\n"
      }
      text += inside.isEmpty ? "/>\n" : ">\n\(inside)    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private static func fault(_ name: String, _ sentence: String, _ kind: String) -> String {
    let words = HTMLEscape.text(sentence)
    return
      "      <\(name) message=\"\(words)\" type=\"\(HTMLEscape.text(kind))\">\(words)</\(name)>\n"
  }
}
