internal import DSXCore

/// The parts under way in this process, so that a signal can end it without leaving any behind.
public enum OpenClaims {
  private static let folders = Lock<[String: String]>([:])

  static func add(_ folder: String, lock: String) { folders.withLock { $0[folder] = lock } }
  static func remove(_ folder: String) {
    folders.withLock { _ = $0.removeValue(forKey: folder) }
  }

  /// Removes every part under way, for a process that a signal ends. Call it once, at the end.
  public static func discardAll() {
    folders.withLock { open in
      // Other threads go on until the process ends and may add a file while its folder is emptied.
      for _ in 0..<3 { for folder in open.keys { try? FilePath.removeTree(folder) } }
      for lock in open.values { try? FilePath.removeTree(lock) }
    }
  }
}
