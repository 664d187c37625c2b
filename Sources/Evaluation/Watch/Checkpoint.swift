internal import DSXCore
internal import Glibc
internal import Models

/// One checkpoint that a training run writes: a folder with weights, an index with its shards, or one
/// weight file.
public struct Checkpoint: Sendable, Equatable {
  /// Its name in the watched folder.
  public var name: String
  /// The folder or file.
  public var path: String
  /// The numbers at the end of its name: the step, or epoch and step (`model-3_500.ckpt`).
  public var numbers: [Int]
  /// Size and time of every file of it: they stand still once it is written.
  var trace: String

  /// The endings of weight files.
  private static let endings = [
    ".safetensors", ".ckpt", ".npz", ".gguf", ".pt", ".pth", ".bin", ".index.json",
  ]

  /// The checkpoints of a folder, the earliest step first. Hidden names and those of files that are
  /// still being written (`.tmp`, `.part`, `.incomplete`) are passed over; shards belong to their index.
  static func list(_ folder: String) throws(DSXError) -> [Checkpoint] {
    let names = try FilePath.list(folder)
    let shards = shards(names, folder)
    var found: [Checkpoint] = []
    for name in names where !name.hasPrefix(".") && !shards.contains(name) {
      let path = FilePath.join(folder, name)
      if FilePath.isFolder(path) {
        guard let inside = try? FilePath.list(path), inside.contains(where: isWeights) else {
          continue
        }
      } else {
        guard isWeights(name) else { continue }
      }
      found.append(
        Checkpoint(
          name: name, path: path, numbers: numbers(name), trace: trace(path, folder)))
    }
    return found.sorted { left, right in
      left.numbers == right.numbers
        ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        : left.numbers.lexicographicallyPrecedes(right.numbers)
    }
  }

  private static func isWeights(_ name: String) -> Bool {
    !name.hasPrefix(".") && endings.contains { name.hasSuffix($0) }
      && !["optimizer", "scheduler", "rng_state", "training_args"].contains {
        name.hasPrefix($0)
      }
  }

  /// The files that an index in the folder names.
  private static func shards(_ names: [String], _ folder: String) -> Set<String> {
    var shards: Set<String> = []
    for name in names where name.hasSuffix(".index.json") {
      let index = try? JSONParser.parse(file: FilePath.join(folder, name))
      for member in index?["weight_map"]?.object ?? [] {
        if let file = member.value.string { shards.insert(file) }
      }
    }
    return shards
  }

  /// The numbers of the name's last part: `checkpoint-1000` 1000, `net-3_500.ckpt` 3 and 500,
  /// `step_12.safetensors` 12. Empty without any.
  static func numbers(_ name: String) -> [Int] {
    var bytes = Array(name.utf8)
    for ending in endings where name.hasSuffix(ending) { bytes.removeLast(ending.utf8.count) }
    var runs: [(start: Int, end: Int)] = []
    for (place, byte) in bytes.enumerated() where (48...57).contains(byte) {
      if let last = runs.last, last.end == place {
        runs[runs.count - 1].end = place + 1
      } else {
        runs.append((place, place + 1))
      }
    }
    guard let last = runs.last else { return [] }
    func number(_ run: (start: Int, end: Int)) -> Int? {
      Int(String(decoding: bytes[run.start..<run.end], as: UTF8.self))
    }
    // Epoch and step stand with one underscore between.
    if runs.count > 1, last.start - runs[runs.count - 2].end == 1,
      bytes[last.start - 1] == UInt8(ascii: "_"), let epoch = number(runs[runs.count - 2]),
      let step = number(last)
    {
      return [epoch, step]
    }
    return number(last).map { [$0] } ?? []
  }

  private static func trace(_ path: String, _ folder: String) -> String {
    var files = [path]
    if FilePath.isFolder(path) {
      files = ((try? FilePath.list(path)) ?? []).map { FilePath.join(path, $0) }
    } else if path.hasSuffix(".index.json") {
      let index = try? JSONParser.parse(file: path)
      var names: Set<String> = []
      for member in index?["weight_map"]?.object ?? [] {
        if let file = member.value.string { names.insert(file) }
      }
      files += names.sorted().map { FilePath.join(folder, $0) }
    }
    var text = ""
    for file in files {
      var status = stat()
      guard stat(file, &status) == 0 else {
        text += file + " missing\n"
        continue
      }
      text += "\(file) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)\n"
    }
    return text
  }

  /// Opens the weights: headers, lengths and offsets are checked, and every part that an index names is
  /// there. Throws for weights that are not whole.
  func check() throws(DSXError) { _ = try TensorStore(path: path) }

  /// The step for a chart: with epochs, epochs before times the longest epoch's steps.
  static func steps(_ checkpoints: [[Int]]) -> [Double] {
    let longest = checkpoints.filter { $0.count == 2 }.map { $0[1] }.max() ?? 0
    return checkpoints.enumerated().map { place, numbers in
      switch numbers.count {
      case 2: Double(numbers[0] - 1) * Double(longest) + Double(numbers[1])
      case 1: Double(numbers[0])
      default: Double(place)
      }
    }
  }
}
