import DSXCore
import Foundation

/// A folder of files that goes away with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dsx-load-\(UUID().uuidString)"
    try FilePath.makeFolder(path)
  }

  deinit { try? FilePath.removeTree(path) }

  /// Writes a file; returns its path.
  @discardableResult
  func put(_ name: String, _ text: String) throws -> String { try put(name, Array(text.utf8)) }

  /// Writes a file; returns its path.
  @discardableResult
  func put(_ name: String, _ bytes: [UInt8]) throws -> String {
    let whole = path + "/" + name
    try FilePath.makeFolder(FilePath.split(whole).folder)
    try FilePath.write(bytes, to: whole)
    return whole
  }

  /// Homes whose catalog, caches and additions lie in this folder.
  var homes: Homes {
    var homes = Homes(environment: [
      "HOME": path + "/home", "XDG_CACHE_HOME": path + "/cache", "XDG_DATA_HOME": path + "/data",
      "MS_CACHE_HOME": path + "/ms",
    ])
    homes.folders = [path, path + "/data/dsx"]
    return homes
  }
}
