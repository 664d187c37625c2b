public import DSXCore

/// The share of hypotheses that equal one of their references.
///
/// Texts are compared byte by byte after the settings: characters are not normalised.
public struct ExactMatch: Metric {
  /// Strips white space at both ends.
  public let strips: Bool
  /// Lowers both texts.
  public let ignoresCase: Bool
  /// Deletes ASCII punctuation.
  public let ignoresPunctuation: Bool
  /// Deletes ASCII digits.
  public let ignoresNumbers: Bool
  /// Regular expressions whose matches are deleted before all else, one after the other.
  public let patterns: [String]

  /// The metric; without settings texts must be the same bytes. A pattern that is no regular
  /// expression is an error.
  public init(
    strips: Bool = false, ignoresCase: Bool = false, ignoresPunctuation: Bool = false,
    ignoresNumbers: Bool = false, patterns: [String]
  ) throws(DSXError) {
    for pattern in patterns { _ = try Self.compile(pattern) }
    self.strips = strips
    self.ignoresCase = ignoresCase
    self.ignoresPunctuation = ignoresPunctuation
    self.ignoresNumbers = ignoresNumbers
    self.patterns = patterns
  }

  /// The metric without patterns; without settings texts must be the same bytes.
  public init(
    strips: Bool = false, ignoresCase: Bool = false, ignoresPunctuation: Bool = false,
    ignoresNumbers: Bool = false
  ) {
    patterns = []
    self.strips = strips
    self.ignoresCase = ignoresCase
    self.ignoresPunctuation = ignoresPunctuation
    self.ignoresNumbers = ignoresNumbers
  }

  /// `exact-match`.
  public var name: String { "exact-match" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: HitCount { HitCount() }
  /// The settings.
  public var signature: String {
    func word(_ flag: Bool) -> String { flag ? "yes" : "no" }
    return "strip:\(word(strips))|case:\(ignoresCase ? "lc" : "mixed")"
      + "|punct:\(word(!ignoresPunctuation))|numbers:\(word(!ignoresNumbers))"
      + (patterns.isEmpty ? "" : "|ignore:" + patterns.joined(separator: ",")) + "|version:1"
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> HitCount {
    let own = try normalized(example.hypothesis)
    var one = zero
    var isHit = false
    for reference in try example.presentReferences() where !isHit {
      isHit = try normalized(reference) == own
    }
    one.add(isHit: isHit)
    return one
  }

  /// Matching is by code points, as Python's. Compiled for each text: expressions are not Sendable.
  private static func compile(_ pattern: String) throws(DSXError) -> Regex<AnyRegexOutput> {
    do { return try Regex(pattern).matchingSemantics(.unicodeScalar) } catch {
      throw DSXError(
        .usage, "'\(pattern)' is no regular expression", underlying: String(describing: error))
    }
  }

  private func normalized(_ text: String) throws(DSXError) -> [UInt8] {
    var text = text
    for pattern in patterns { text = text.replacing(try Self.compile(pattern), with: "") }
    var bytes: [UInt8] = []
    text.withUTF8 { utf8 in
      if ignoresCase {
        PythonLower.table.append(UnsafeRawBufferPointer(utf8), to: &bytes)
      } else {
        bytes = Array(utf8)
      }
    }
    if ignoresPunctuation || ignoresNumbers {
      bytes.removeAll { byte in
        switch byte {
        case 0x30...0x39: ignoresNumbers
        case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: ignoresPunctuation
        default: false
        }
      }
    }
    return strips ? bytes.withUnsafeBytes { Array(PythonBlank.trimmed($0)) } : bytes
  }

  /// hits / count
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)), from two examples on.
  public func standardError(from statistics: HitCount) -> StandardError? {
    statistics.binomialError
  }
}
