public import DSXCore

extension TarReader {
  /// A reader over the tar archive at `path`; gzip, zstd, xz or bzip2 around it is told by the first
  /// bytes, not by the name.
  ///
  /// Throws `io`, `malformed` for a file that is no tar archive, `corrupt` for a damaged one.
  public convenience init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws(DSXError) {
    let file = try FileSource(path: path)
    let start = try file.bytes(at: 0, count: min(file.size, Magic.length))
    let packing = Magic.of(start).flatMap { magic -> Compression? in
      switch magic {
      case .gzip: .gzip
      case .zstd: .zstd
      case .xz: .xz
      case .bzip2: .bzip2
      default: nil
      }
    }
    try self.init(try packing?.open(file, limits: limits) ?? file, limits: limits)
  }
}
