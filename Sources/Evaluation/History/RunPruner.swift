public import DSXCore

/// Takes old runs out of the history, and their folders with them where that is asked for.
public enum RunPruner {
  /// Prunes and returns the ids of what went, the oldest first. Folders are removed only when they lie
  /// below the history's own folder and their `run.json` names that very run.
  public static func prune(
    _ history: RunHistory, _ rule: KeepRule, today: String, recipe: String? = nil,
    folders: Bool, dryRun: Bool = false
  ) throws(DSXError) -> [String] {
    let runs = try history.prunable(rule, today: today, recipe: recipe)
    guard !dryRun, !runs.isEmpty else { return runs.map(\.id) }
    // First the history: a folder without a run is only lost space, a run without its folder lies.
    try history.remove(runs.map(\.id))
    if folders {
      for run in runs {
        guard let name = run.folder, isBelow(name) else { continue }
        let path = FilePath.join(history.folder, name)
        let head = try? JSONParser.parse(file: FilePath.join(path, "run.json"))
        guard head?["run"]?.string == run.id || head?["identity"]?.string == run.identity else {
          continue
        }
        try FilePath.removeTree(path)
      }
    }
    return runs.map(\.id)
  }

  private static func isBelow(_ path: String) -> Bool {
    guard !path.isEmpty, path.utf8.first != UInt8(ascii: "/") else { return false }
    let parts = Array(path.utf8).split(separator: UInt8(ascii: "/"))
    return !parts.contains { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }
  }
}
