import Archives
import DSXCore
import Kernels

/// `datasets/archive`: a case is an archive, what is to be done with it, and what CPython's zipfile
/// found in it.
///
/// `extract` (also with a policy behind a colon): all members are read, and are those that zipfile
/// read, with the same SHA-256; names are compared after dsx's own normalisation. `reject`: opening or
/// reading throws an input error; `reject:limit`: its code is `archive-limit`.
enum ArchivesGolden {
  static func walk(_ run: GoldenRun) throws {
    let folder = run.path("archive")
    guard FilePath.isFolder(folder) else { return }
    for name in try FilePath.list(folder) where name.hasSuffix(".json") {
      let value = try run.json("archive/" + name)
      guard let file = value["file"]?.string, let action = value["expected_action"]?.string else {
        run.skip("archive", name)
        continue
      }
      let parts = action.split(separator: ":").map(String.init)
      // Files of public repositories are not in the project's own copy.
      guard FilePath.exists(run.path("archive/" + file)), ["extract", "reject"].contains(parts[0])
      else {
        run.skip("archive", file)
        continue
      }
      run.check("archive", file) {
        let path = run.path("archive/" + file)
        do throws(DSXError) {
          let found = try read(path)
          guard parts[0] == "extract" else { return "read \(found.count) members" }
          return difference(found, value)
        } catch {
          guard parts[0] == "reject" else { return "threw \(error)" }
          guard error.code.exitCode == .badInput else { return "threw \(error)" }
          return parts.last == "limit" && error.code != .archiveLimit ? "threw \(error)" : nil
        }
      }
    }
  }

  private static func read(_ path: String) throws(DSXError) -> [(name: String, sha256: String)] {
    let archive = try ZipArchive(try FileSource(path: path))
    var found: [(name: String, sha256: String)] = []
    for member in archive.members {
      let source = try archive.open(member)
      // The bombs hold many MiB: the loop in C, which sanitizers do not slow down so much.
      var hash = SHA256(blocks: dsx_sha256_blocks)
      var bytes: [UInt8] = []
      while try source.read(upTo: 1 << 16, into: &bytes) > 0 {
        hash.update(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
      found.append((member.name, hash.hexDigest()))
    }
    return found
  }

  private static func difference(_ ours: [(name: String, sha256: String)], _ value: JSONValue)
    -> String?
  {
    // zipfile could not open some archives that are to be read.
    guard let theirs = value["python_zipfile_3.11"]?["entries"]?.int,
      let first = value["python_zipfile_3.11"]?["first"]?.array
    else { return ours.isEmpty ? "no member" : nil }
    let folders = first.filter { $0["name"]?.string?.utf8.last == UInt8(ascii: "/") }
    guard ours.count == theirs - folders.count else {
      return "\(ours.count) members instead of \(theirs - folders.count)"
    }
    for entry in first where entry["name"]?.string?.utf8.last != UInt8(ascii: "/") {
      guard let name = entry["name"]?.string, let sha256 = entry["sha256"]?.string else { continue }
      let normal = String(
        decoding: name.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self
      )
      guard let own = ours.first(where: { $0.name == normal }) else { return "no member '\(name)'" }
      guard own.sha256 == sha256 else { return "'\(name)' has another content" }
    }
    return nil
  }
}
