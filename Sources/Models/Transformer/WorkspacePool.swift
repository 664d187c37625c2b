internal import DSXCore

/// Workspaces that are lent to one worker at a time and used again.
final class WorkspacePool: Sendable {
  private let idle = Lock<[TransformerWorkspace]>([])

  init() {}

  /// Lends a workspace for the time of `body`.
  func with<Result>(_ body: (TransformerWorkspace) -> Result) -> Result {
    let workspace = idle.withLock { $0.popLast() } ?? TransformerWorkspace()
    defer { idle.withLock { $0.append(workspace) } }
    return body(workspace)
  }
}
