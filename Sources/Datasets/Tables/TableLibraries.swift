internal import CCSV
public import DSXCore

/// The library that CSV beyond the strict rules is read with.
public enum TableLibraries {
  /// libcsv, which only its headers tell the version of.
  public static var linked: [LinkedLibrary] {
    [LinkedLibrary("libcsv", running: nil, built: "\(CSV_MAJOR).\(CSV_MINOR).\(CSV_RELEASE)")]
  }
}
