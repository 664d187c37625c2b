public import DSXCore

/// How the bytes of a file are compressed, as a whole.
public enum Compression: String, CaseIterable, Sendable {
  /// gzip (RFC 1952): one member or several.
  case gzip = "gz"
  /// Zstandard (RFC 8878): one frame or several.
  case zstd = "zst"
  /// xz: one stream or several.
  case xz
  /// bzip2: one stream or several.
  case bzip2 = "bz2"

  /// The end of a file's name that stands for it, without the dot.
  public var nameSuffix: String { rawValue }

  /// What its streams begin with.
  var magic: Magic {
    switch self {
    case .gzip: .gzip
    case .zstd: .zstd
    case .xz: .xz
    case .bzip2: .bzip2
    }
  }

  /// Opens a compressed stream; its content is checked and held within `limits` while it is read.
  public func open(_ source: any ByteSource, limits: ArchiveLimits = ArchiveLimits())
    throws(DSXError) -> any ByteSource
  {
    switch self {
    case .gzip: try GzipStream(source, limits: limits)
    case .zstd, .xz, .bzip2: try FilterStream(source, self, limits: limits)
    }
  }
}
