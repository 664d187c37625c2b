public import DSXCore

/// The weight files of the ranks of a parallel training, by the names of folders or files.
///
/// | | rank |
/// | --- | --- |
/// | `rank_3/*.ckpt` | 3: MindSpore |
/// | `mp_rank_03/*` | 3: Megatron |
/// | `anything_3.ckpt`, `rank3.safetensors` | 3; all such files have the same name before the number |
public struct RankFiles: Sendable {
  /// The folder.
  public let folder: String
  /// The files by rank.
  let files: [Int: WeightFile]
  /// The ranks that there are, in ascending order.
  public var ranks: [Int] { files.keys.sorted() }

  /// The most ranks.
  static let most = 1 << 16
  private static let endings = [".ckpt", ".safetensors", ".npz", ".pt", ".pth", ".bin"]

  /// Finds and opens the files.
  ///
  /// - Parameter prefix: of several files in a rank's folder, the one whose name begins so.
  /// Throws `missingFile` where there is none, `malformed` where it is not clear which one is meant,
  /// and what `WeightFile` throws.
  public init(folder: String, prefix: String? = nil) throws(DSXError) {
    self.folder = folder
    guard FilePath.isFolder(folder) else {
      throw DSXError(
        .missingFile, "there is no such folder", file: folder,
        hint: "name the folder that holds rank_0, rank_1, ...")
    }
    let names = try FilePath.list(folder)
    var paths: [Int: String] = [:]
    for start in ["rank_", "mp_rank_"] where paths.isEmpty {
      for name in names where name.hasPrefix(start) {
        let path = FilePath.join(folder, name)
        guard FilePath.isFolder(path) else { continue }
        guard let rank = Self.number(name.utf8.dropFirst(start.utf8.count)) else {
          throw DSXError(
            .unsupported, "the name of the folder '\(name)' does not end in one rank",
            file: path,
            hint: "folders of Megatron's pipeline stages (mp_rank_00_001) are not merged")
        }
        guard paths.updateValue(try Self.file(in: path, prefix), forKey: rank) == nil else {
          throw DSXError(.malformed, "two folders are of rank \(rank)", file: path)
        }
      }
    }
    if paths.isEmpty { paths = try Self.numbered(names, folder, prefix) }
    guard !paths.isEmpty else {
      throw DSXError(
        .missingFile, "the folder holds no weights of ranks", file: folder,
        hint: "known: rank_N/*.ckpt, mp_rank_NN/*, NAME_N.ckpt")
    }
    var files: [Int: WeightFile] = [:]
    for (rank, path) in paths { files[rank] = try WeightFile(path: path) }
    self.files = files
  }

  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(String(decoding: digits, as: UTF8.self)), number < most
    else { return nil }
    return number
  }

  private static func isWeights(_ name: String, _ prefix: String?) -> Bool {
    !name.hasPrefix(".") && endings.contains { name.hasSuffix($0) }
      && prefix.map { name.hasPrefix($0) } ?? true
  }

  /// The one weight file of a rank's folder.
  private static func file(in folder: String, _ prefix: String?) throws(DSXError) -> String {
    let names = try FilePath.list(folder).filter { isWeights($0, prefix) }
    guard let name = names.first, names.count == 1 else {
      throw DSXError(
        names.isEmpty ? .missingFile : .malformed,
        names.isEmpty
          ? "the rank's folder holds no weights"
          : "the rank's folder holds several weight files: " + names.joined(separator: ", "),
        file: folder,
        hint: names.isEmpty ? nil : "say with --prefix how the name of the right one begins")
    }
    return FilePath.join(folder, name)
  }

  /// Files that differ in a number before the ending.
  private static func numbered(_ names: [String], _ folder: String, _ prefix: String?)
    throws(DSXError) -> [Int: String]
  {
    var groups: [String: [Int: String]] = [:]
    for name in names where isWeights(name, prefix) {
      guard let ending = endings.first(where: { name.hasSuffix($0) }) else { continue }
      let stem = name.utf8.dropLast(ending.utf8.count)
      let digits = stem.reversed().prefix { (0x30...0x39).contains($0) }.reversed()
      guard let rank = number(Array(digits)) else { continue }
      let key = String(decoding: stem.dropLast(digits.count), as: UTF8.self) + ending
      guard groups[key, default: [:]].updateValue(FilePath.join(folder, name), forKey: rank) == nil
      else {
        throw DSXError(
          .malformed, "two files are of rank \(rank)", file: FilePath.join(folder, name))
      }
    }
    guard groups.count < 2 else {
      throw DSXError(
        .malformed,
        "the folder holds files of several kinds: " + groups.keys.sorted().joined(separator: ", "),
        file: folder, hint: "say with --prefix how the names of the right ones begin")
    }
    return groups.values.first ?? [:]
  }

  /// The tensors of a rank by name.
  func entries(_ rank: Int) -> [String: (entry: TensorEntry, file: WeightFile)] {
    guard let file = files[rank] else { return [:] }
    var entries: [String: (TensorEntry, WeightFile)] = [:]
    for entry in file.tensors { entries[entry.name] = (entry, file) }
    return entries
  }
}
