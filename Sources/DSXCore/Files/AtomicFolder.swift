internal import Glibc

/// Publishes files so that nobody ever sees half of one: written in a hidden temporary folder beside
/// the target, flushed to disk, renamed into place, the folder flushed.
///
/// Whoever makes one calls `publish` or `discard`. A leftover of a killed run is named
/// `.dsx-tmp-NAME` and is cleared by the next run to the same target.
public struct AtomicFolder: Sendable {
  /// Where the files are written before they are published.
  public let temporary: String
  /// The folder that they end up in.
  public let folder: String

  /// A temporary folder for the files of `target` (a path whose folder must exist or can be made).
  public init(target: String) throws(DSXError) {
    let (parent, name) = FilePath.split(target)
    try FilePath.makeFolder(parent)
    folder = parent
    temporary = FilePath.join(parent, ".dsx-tmp-" + name)
    try? FilePath.removeTree(temporary)
    guard mkdir(temporary, 0o777) == 0 else {
      throw DSXError.system("cannot make a temporary folder", file: temporary)
    }
    let made = temporary
    Self.open.withLock { _ = $0.insert(made) }
  }

  /// The temporary folders of this process that are neither published nor discarded.
  private static let open = Lock<Set<String>>([])

  /// Removes every unfinished temporary folder: for a process that a signal ends.
  public static func discardAll() {
    for folder in open.withLock({ $0 }) { try? FilePath.removeTree(folder) }
  }

  /// The path of a file of that final name while it is written.
  public func path(_ name: String) -> String { FilePath.join(temporary, name) }

  /// Flushes the files and moves them into place, in the order given: name last what marks the whole as
  /// complete.
  public func publish(_ names: [String]) throws(DSXError) {
    for name in names { try FilePath.flush(path(name)) }
    for name in names {
      guard rename(path(name), FilePath.join(folder, name)) == 0 else {
        throw DSXError.system("cannot move the finished file into place", file: name)
      }
    }
    try FilePath.flush(folder)
    discard()
  }

  /// Drops everything that was written.
  public func discard() {
    try? FilePath.removeTree(temporary)
    Self.open.withLock { _ = $0.remove(temporary) }
  }

  /// Writes one whole file atomically.
  public static func write(_ bytes: [UInt8], to target: String) throws(DSXError) {
    let folder = try AtomicFolder(target: target)
    let name = FilePath.split(target).name
    do {
      try FilePath.write(bytes, to: folder.path(name))
      try folder.publish([name])
    } catch {
      folder.discard()
      throw error
    }
  }
}
