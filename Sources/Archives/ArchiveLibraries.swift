internal import CArchive
internal import CDeflate
internal import CZlib
public import DSXCore

/// The libraries that archives and compressed streams are read with.
public enum ArchiveLibraries {
  /// libarchive with the libraries inside of it, libdeflate, zlib.
  public static var linked: [LinkedLibrary] {
    let number = Int(ARCHIVE_VERSION_NUMBER)
    let built = "\(number / 1_000_000).\(number / 1000 % 1000).\(number % 1000)"
    return [
      LinkedLibrary(
        "libarchive", running: archive_version_details().map { String(cString: $0) }, built: built),
      LinkedLibrary("libdeflate", running: nil, built: LIBDEFLATE_VERSION_STRING),
      LinkedLibrary(
        "zlib", running: zlibVersion().map { String(cString: $0) }, built: ZLIB_VERSION),
    ]
  }
}
