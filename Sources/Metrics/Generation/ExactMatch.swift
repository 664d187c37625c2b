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

  /// The metric; without settings texts must be the same bytes.
  public init(
    strips: Bool = false, ignoresCase: Bool = false, ignoresPunctuation: Bool = false,
    ignoresNumbers: Bool = false
  ) {
    self.strips = strips
    self.ignoresCase = ignoresCase
    self.ignoresPunctuation = ignoresPunctuation
    self.ignoresNumbers = ignoresNumbers
  }

  /// `exact-match`.
  public var name: String { "exact-match" }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: HitCount { HitCount() }
  /// The settings.
  public var signature: String {
    func word(_ flag: Bool) -> String { flag ? "yes" : "no" }
    return "strip:\(word(strips))|case:\(ignoresCase ? "lc" : "mixed")"
      + "|punct:\(word(!ignoresPunctuation))|numbers:\(word(!ignoresNumbers))|version:1"
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> HitCount {
    let own = normalized(example.hypothesis)
    var one = zero
    one.add(isHit: try example.presentReferences().contains { normalized($0) == own })
    return one
  }

  private func normalized(_ text: String) -> [UInt8] {
    var text = text
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
