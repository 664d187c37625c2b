import DSXCore
import Foundation

/// A folder of files that goes away with the test.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dsx-evaluation-\(UUID().uuidString)"
    try FilePath.makeFolder(path)
  }

  deinit { try? FilePath.removeTree(path) }

  /// Writes a file; returns its path.
  @discardableResult
  func put(_ name: String, _ text: String) throws -> String {
    let whole = path + "/" + name
    try FilePath.makeFolder(FilePath.split(whole).folder)
    try FilePath.write(Array(text.utf8), to: whole)
    return whole
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}
