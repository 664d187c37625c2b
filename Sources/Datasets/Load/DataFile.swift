internal import DSXCore

/// One file of a data set: on disk, or inside of a zip or tar archive.
public enum DataFile: Hashable, Sendable {
  /// A file on disk.
  case path(String)
  /// A member of an archive, by its name inside.
  case member(archive: String, name: String)

  /// What messages call it: the path, or `zip://MEMBER::ARCHIVE` (`tar://...`) as fsspec and Hugging
  /// Face write it.
  public var location: String {
    switch self {
    case .path(let path): path
    case .member(let archive, let name):
      "\(FileKind.isTar(archive) ? "tar" : "zip")://\(name)::\(archive)"
    }
  }

  /// The last part of its name.
  public var name: String {
    switch self {
    case .path(let path): FilePath.split(path).name
    case .member(_, let name): FilePath.split(name).name
    }
  }

  /// The name inside of an archive, or the last two parts of a path: of an image the class and the file.
  public var nameInFolder: String {
    switch self {
    case .member(_, let name): return name
    case .path(let path):
      let (folder, name) = FilePath.split(path)
      return FilePath.join(FilePath.split(folder).name, name)
    }
  }

  /// The file that a text made by `location` names.
  public init(location: String) {
    guard let scheme = ["zip://", "tar://"].first(where: { location.hasPrefix($0) }) else {
      self = .path(location)
      return
    }
    let rest = Array(location.utf8.dropFirst(scheme.utf8.count))
    let mark = Array("::".utf8)
    let place = rest.indices.dropLast().last { rest[$0...].starts(with: mark) }
    guard let place else {
      self = .path(location)
      return
    }
    self = .member(
      archive: String(decoding: rest[(place + 2)...], as: UTF8.self),
      name: String(decoding: rest[..<place], as: UTF8.self))
  }

  /// Its kind by the extension of its name.
  var kind: FileKind? { FileKind(fileName: name) }
}
