/// Names resampling in a signature, where sacrebleu 2.6.0 has it.
public enum ResamplingSignature {
  /// `nrefs:1|case:mixed` becomes `nrefs:1|bs:1000|seed:12345|case:mixed`; signatures of other forms get
  /// the parts at their end.
  ///
  /// - Parameters:
  ///   - bootstrap: replicates of a bootstrap.
  ///   - randomisation: trials of approximate randomisation.
  public static func inserting(
    bootstrap: Int? = nil, randomisation: Int? = nil, seed: UInt64, into signature: String
  ) -> String {
    var parts: [String] = []
    if let bootstrap { parts.append("bs:\(bootstrap)") }
    if let randomisation { parts.append("ar:\(randomisation)") }
    guard !parts.isEmpty else { return signature }
    let added = (parts + ["seed:\(seed)"]).joined(separator: "|")
    guard signature.hasPrefix("nrefs:"), let bar = signature.firstIndex(of: "|") else {
      return signature + "|" + added
    }
    return signature[..<bar] + "|" + added + signature[bar...]
  }
}
