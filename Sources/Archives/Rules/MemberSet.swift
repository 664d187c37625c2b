internal import DSXCore

/// The names that an archive used so far: no file may come twice, and none may be a folder too.
struct MemberSet {
  private var files: Set<String> = []
  private var folders: Set<String> = []
  /// The folder of the last plain name, which is in `folders` or empty: most names share it.
  private var lastFolder: String?
  private var count = 0
  private let limits: ArchiveLimits
  private let archive: String

  /// An empty set, with room for the members that are `expected`.
  init(_ limits: ArchiveLimits, archive: String, expected: Int = 0) {
    self.limits = limits
    self.archive = archive
    files.reserveCapacity(expected)
  }

  /// Takes the next member in; returns its normalised name, nil for a folder. Throws as
  /// `MemberName.parts` does, and `unsafeArchive` or `archiveLimit` for the set's own rules.
  mutating func add(_ name: String, isFolder: Bool) throws(DSXError) -> String? {
    count += 1
    guard count <= limits.members else {
      throw DSXError(
        .archiveLimit, "the archive has more than \(limits.members) members", file: archive)
    }
    if !isFolder, isInKnownFolder(name) {
      // Nothing to normalise, and a folder that is known has known parents.
      guard folders.isEmpty || !folders.contains(name) else { throw twice(name, "and as a folder") }
      guard files.insert(name).inserted else { throw twice(name, "again") }
      return name
    }
    let parts = try MemberName.parts(name, archive: archive)
    var path = ""
    for (index, part) in parts.enumerated() {
      if index > 0 { path += "/" }
      path += part
      guard index < parts.count - 1 || isFolder else { break }
      // A parent that is known has known parents.
      if folders.insert(path).inserted, files.contains(path) {
        throw twice(path, "and as a folder")
      }
    }
    if isFolder { return nil }
    guard !path.isEmpty else {
      throw DSXError(.unsafeArchive, "the archive holds a member without a name", file: archive)
    }
    guard !folders.contains(path) else { throw twice(path, "and as a folder") }
    guard files.insert(path).inserted else { throw twice(path, "again") }
    return path
  }

  /// Whether a name is normal as it stands, in a folder that is known.
  private mutating func isInKnownFolder(_ name: String) -> Bool {
    guard let end = MemberName.folderOfPlain(name) else { return false }
    if let lastFolder, lastFolder.utf8.count == end, name.utf8.starts(with: lastFolder.utf8) {
      return true
    }
    let folder = String(decoding: name.utf8.prefix(end), as: UTF8.self)
    guard folder.isEmpty || folders.contains(folder) else { return false }
    lastFolder = folder
    return true
  }

  private func twice(_ path: String, _ how: String) -> DSXError {
    DSXError(
      .unsafeArchive, "the archive holds '\(MemberName.escaped(path))' as a file \(how)",
      file: archive, hint: "it is not clear which one is meant: make the archive again")
  }
}
