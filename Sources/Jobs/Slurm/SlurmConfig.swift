public import DSXCore

/// What is read of `scontrol show config`.
public struct SlurmConfig: Hashable, Sendable {
  /// The name of the cluster.
  public var cluster: String
  /// The version of Slurm.
  public var version: String
  /// Array indices are 0 to one below this.
  public var maxArraySize: Int

  /// What Slurm has where nothing else was set.
  public static let usualMaxArraySize = 1001

  /// A configuration.
  public init(
    cluster: String = "", version: String = "", maxArraySize: Int = usualMaxArraySize
  ) {
    self.cluster = cluster
    self.version = version
    self.maxArraySize = maxArraySize
  }

  /// Reads the output of `scontrol show config`: lines of `Name = value`.
  ///
  /// Throws `unsupported` when the cluster takes no arrays.
  public init(parsing text: String) throws(DSXError) {
    self.init()
    for line in text.utf8.split(separator: 0x0a) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      func trimmed(_ part: Substring.UTF8View.SubSequence) -> String {
        var bytes = part.drop { $0 == 0x20 || $0 == 0x09 }
        while bytes.last == 0x20 || bytes.last == 0x09 || bytes.last == 0x0d { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
      }
      let value = trimmed(line[line.index(after: equals)...])
      switch trimmed(line[..<equals]) {
      case "ClusterName": cluster = value
      case "SLURM_VERSION": version = value
      case "MaxArraySize": maxArraySize = Int(value) ?? Self.usualMaxArraySize
      default: break
      }
    }
    guard maxArraySize > 0 else {
      throw DSXError(
        .unsupported, "this cluster takes no job arrays: MaxArraySize is \(maxArraySize)",
        hint: "--engine print gives other forms of the same work")
    }
  }
}
