internal import DSXCore

extension EvaluationCell {
  /// What answers, as the user named it.
  var answerer: String { model ?? predictions ?? "given" }

  /// `<model>--<dataset>[--<subset>][--<task>][--<compat>]`: the folder's name in a recipe's run.
  public var name: String { name(model: Self.last(answerer), dataset: Self.last(dataset)) }

  /// The same with other words for model and data set.
  func name(model: String, dataset: String) -> String {
    let more = [subset, task.map(Self.last), compat].compactMap { $0 }
    return ([model, dataset] + more).map(Self.plain).joined(separator: "--")
  }

  /// A word without what a folder's name must not hold.
  private static func plain(_ word: String) -> String {
    let kept = word.utf8.map { byte in
      byte <= 0x20 || byte == 0x7f || byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func last(_ path: String) -> String { FilePath.split(path).name }

  /// The shortest ends of paths that tell them apart: `best` alone, but `run1/best` beside `run2/best`.
  /// Paths that are one but for slashes have one end.
  static func shortest(_ paths: [String]) -> [String] {
    let parts = paths.map { path in
      path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        .filter { $0 != "." }
    }
    var counts = [Int](repeating: 1, count: paths.count)
    func end(_ place: Int) -> [String] { Array(parts[place].suffix(counts[place])) }
    while true {
      var alike: [[String]: [Int]] = [:]
      for place in paths.indices { alike[end(place), default: []].append(place) }
      var isLonger = false
      for places in alike.values where Set(places.map { parts[$0] }).count > 1 {
        for place in places where counts[place] < parts[place].count {
          counts[place] += 1
          isLonger = true
        }
      }
      if !isLonger { break }
    }
    return paths.indices.map { place in
      let end = end(place)
      return end.isEmpty ? paths[place] : end.joined(separator: "/")
    }
  }
}
