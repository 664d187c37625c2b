internal import DSXCore

/// The work under way in this process, so that a signal can end it without leaving half a part behind.
public enum OpenClaims {
  private struct State {
    /// Temporary folders of parts, with the paths of their locks.
    var folders: [String: String] = [:]
    /// Work folders.
    var works: [String: WorkFolder] = [:]
    /// Folders of results that grow line by line.
    var growing: Set<String> = []
  }
  private static let state = Lock(State())

  static func add(_ folder: String, lock: String) {
    state.withLock { $0.folders[folder] = lock }
  }
  static func remove(_ folder: String) {
    state.withLock { _ = $0.folders.removeValue(forKey: folder) }
  }

  /// This process begins to work in a folder.
  public static func enter(_ work: WorkFolder) { state.withLock { $0.works[work.path] = work } }

  /// It has ended.
  public static func leave(_ work: WorkFolder) {
    state.withLock { _ = $0.works.removeValue(forKey: work.path) }
  }

  /// This process adds results to a folder, from where the same command goes on when it is stopped.
  public static func grow(_ folder: String) { state.withLock { _ = $0.growing.insert(folder) } }

  /// The results of a folder are complete, or no longer worked on.
  public static func settle(_ folder: String) { state.withLock { _ = $0.growing.remove(folder) } }

  /// The folders of results that are not complete.
  public static var growing: [String] {
    state.withLock { $0.growing.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
  }

  /// For a process that a signal ends: removes every part under way, and work folders without a finished
  /// part. Returns the folders in which work can go on. Call it once, at the end.
  public static func discardAll() -> [String] {
    state.withLock { state in
      // Other threads go on until the process ends and may add a file while its folder is emptied.
      for _ in 0..<3 { for folder in state.folders.keys { try? FilePath.removeTree(folder) } }
      for lock in state.folders.values { try? FilePath.removeTree(lock) }
      var kept: [String] = []
      for work in state.works.values {
        if work.hasFinishedParts { kept.append(work.path) } else { try? work.remove() }
      }
      return kept.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }
}
