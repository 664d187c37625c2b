internal import DSXCore
internal import Glibc

/// The kinds of data files, by extension as Hugging Face's loaders know them.
enum FileKind: String, CaseIterable, Sendable {
  /// Comma-separated values.
  case csv
  /// Tab-separated values.
  case tsv
  /// JSON lines, or a JSON array.
  case json
  /// One line of text a row.
  case text
  /// Encoded images, one a row.
  case image
  /// A MindRecord set.
  case records
  /// A zip or tar archive.
  case archive

  private static let extensions: [String: FileKind] = [
    "csv": .csv, "tsv": .tsv, "json": .json, "jsonl": .json, "ndjson": .json, "txt": .text,
    "png": .image, "jpg": .image, "jpeg": .image, "bmp": .image, "gif": .image, "webp": .image,
    "tif": .image, "tiff": .image, "ppm": .image, "mindrecord": .records, "zip": .archive,
  ]

  /// What dsx does not read, so that the message can say so.
  static let unread = ["parquet", "arrow", "feather", "orc", "h5", "hdf5", "pkl", "npy", "npz"]

  /// The extensions that are read, for messages.
  static var known: String {
    "csv, tsv, json, jsonl, txt, zip, tar, tar.gz, tar.zst, mindrecord; images: png, jpg, jpeg"
  }

  /// The kind of a file of that name; nil for another extension. MindRecord parts are numbered behind
  /// their extension (`x.mindrecord0`).
  init?(fileName: String) {
    if Self.isTar(fileName) {
      self = .archive
      return
    }
    guard let ending = Self.ending(fileName) else { return nil }
    if let kind = Self.extensions[ending] {
      self = kind
    } else if ending.hasPrefix("mindrecord"),
      ending.utf8.dropFirst("mindrecord".utf8.count).allSatisfy({ $0 &- 0x30 <= 9 })
    {
      self = .records
    } else {
      return nil
    }
  }

  /// The loader's name in ModelScope and Hugging Face: `csv`, `json`, `text`, `imagefolder`.
  init?(loader: String) {
    switch loader {
    case "csv": self = .csv
    case "tsv": self = .tsv
    case "json": self = .json
    case "text": self = .text
    case "imagefolder": self = .image
    case "mindrecord": self = .records
    default: return nil
    }
  }

  /// The loader names that may stand in place of a data set's name.
  static let loaders = ["csv", "tsv", "json", "text", "imagefolder", "mindrecord"]

  /// Whether the name is that of a tar archive, packed or not.
  static func isTar(_ path: String) -> Bool {
    let name = FilePath.split(path).name.lowercased()
    return tarEndings.contains { name.hasSuffix($0) }
  }

  private static let tarEndings = [
    ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst",
  ]

  /// The lower-case extension of a file name; nil when there is none.
  static func ending(_ fileName: String) -> String? {
    let bytes = Array(fileName.utf8)
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0, dot + 1 < bytes.count else {
      return nil
    }
    return String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
  }

  /// Whether the file begins as a MindRecord does: record sets may have any name.
  static func looksLikeRecords(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    let mark = Array("{\"header_size\":".utf8)
    var head = [UInt8](repeating: 0, count: 8 + mark.count)
    let got = head.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return got == head.count && head[8...].elementsEqual(mark)
  }
}
