public import DSXCore

/// How much an archive or a compressed file may unpack to.
public struct ArchiveLimits: Hashable, Sendable {
  /// Members of one archive, folders counted.
  public var members = 1_000_000
  /// Bytes of one archive or stream, unpacked.
  public var totalBytes = 1 << 40
  /// Bytes out for each byte in, once more than `ratioFloor` bytes came out.
  public var ratio = 200
  /// Below this size no ratio is a danger, and short repetitive text reaches high ones.
  public var ratioFloor = 32 << 20
  /// `--trust-archive`: the ratio is not looked at. All other rules stay.
  public var isTrusted = false

  /// The default limits.
  public init() {}

  /// Throws `archiveLimit` when `produced` bytes from `consumed` are too many.
  func check(produced: Int, consumed: Int, name: String) throws(DSXError) {
    guard produced <= totalBytes else {
      throw DSXError(
        .archiveLimit, "it unpacks to more than \(totalBytes) bytes", file: name,
        hint: "split it into smaller archives")
    }
    guard !isTrusted, produced > ratioFloor else { return }
    let (allowed, overflows) = max(1, consumed).multipliedReportingOverflow(by: ratio)
    guard overflows || produced <= allowed else {
      throw DSXError(
        .archiveLimit, "it unpacks to more than \(ratio) times its size, as an archive bomb does",
        file: name, hint: "if you trust where it comes from, add --trust-archive")
    }
  }
}

extension DSXError.Code {
  /// An archive or a compressed file that holds or unpacks to more than the limits allow.
  public static let archiveLimit = Self("archive-limit", .badInput)
  /// An archive with a member that is refused whatever it holds: a link, a device, a name that leads
  /// out, a name that comes twice, a directory and a header that disagree.
  public static let unsafeArchive = Self("unsafe-archive", .badInput)
}
