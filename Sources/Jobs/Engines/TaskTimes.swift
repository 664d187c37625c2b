internal import DSXCore
internal import Glibc

/// How long shards took: a side log of lines of JSON that nothing depends on but estimates.
///
/// `{"step": "encode", "shards": 3, "seconds": 12.5, "workers": 2}`
public enum TaskTimes {
  /// Adds a line; whatever goes wrong with it is no matter.
  public static func add(
    to path: String, step: String, shards: Int, seconds: Double, workers: Int
  ) {
    let json: JSONValue = [
      "step": .string(step), "shards": .int(Int64(shards)),
      "seconds": .double((seconds * 1e3).rounded() / 1e3), "workers": .int(Int64(workers)),
    ]
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    Array((json.text(.spaced) + "\n").utf8).withUnsafeBytes {
      _ = write(descriptor, $0.baseAddress, $0.count)
    }
  }

  /// Seconds of a shard of a step with so many workers, and the number of shards they come from: the
  /// median of the lines, each shard once. nil when there is none. Lines that cannot be read are left out.
  public static func secondsPerShard(_ path: String, step: String, workers: Int)
    -> (seconds: Double, shards: Int)?
  {
    guard let file = try? MappedFile(path: path) else { return nil }
    let text = file.withBytes { Array($0) }
    var all: [(seconds: Double, shards: Int)] = []
    for line in text.split(separator: 0x0a) {
      guard let json = try? JSONParser.parse(Array(line)), json["step"]?.string == step,
        let shards = json["shards"]?.int, shards > 0, shards < NumberRanges.limit,
        let seconds = json["seconds"]?.double, seconds > 0, seconds < 1e9,
        let had = json["workers"]?.int, had > 0, had <= 1 << 16
      else { continue }
      let each = seconds / Double(shards) * Double(had) / Double(max(1, workers))
      all.append((each, shards))
    }
    let count = all.reduce(0) { $0 + $1.shards }
    var seen = 0
    for entry in all.sorted(by: { $0.seconds < $1.seconds }) {
      seen += entry.shards
      if seen * 2 >= count { return (entry.seconds, count) }
    }
    return nil
  }
}
