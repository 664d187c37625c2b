internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Reports

/// `dsx datasets cache`
struct DatasetsCache: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "List or prune converted data sets.",
    discussion: """
      'dsx datasets convert' without --output keeps its sets here, by the fingerprint of \
      the data and the options: a change of either makes a new entry.

      Examples:
        dsx datasets cache list
        dsx datasets cache prune --older-than 30d --max-size 10GB
      """, subcommands: [DatasetsCacheList.self, DatasetsCachePrune.self])
}

/// `dsx datasets cache list`
struct DatasetsCacheList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List converted data sets with their size and when they were used last.",
    discussion: """
      Example:
        dsx datasets cache list --format json
      """)

  @Option(help: "How it is printed: text or json.") var format: DatasetsFormat = .text

  func run() throws {
    let cache = ConversionCache(homes: Homes.current())
    let entries = try cache.entries()
    if format == .json {
      let json: JSONValue = [
        "folder": .string(cache.folder), "entries": .array(entries.map(\.json)),
        "bytes": .int(Int64(entries.reduce(0) { $0 + $1.bytes })),
      ]
      Output.line(json.text(.indented))
      return
    }
    let table = Reports.Table(
      columns: [
        .words("name"), .words("subset"), .words("split"), .words("version"), .numbers("rows"),
        .numbers("bytes"), .numbers("unused for"), .words("key"),
      ],
      rows: entries.map { entry in
        [
          .init(entry.name), .init(entry.subset), .init(entry.split), .init(entry.version),
          .init(String(entry.rows)), .init(String(entry.bytes)),
          .init(Self.words(entry.idleSeconds)), .init(String(entry.key.prefix(12))),
        ]
      })
    Output.write(Array(TableFormat.text.render(table).utf8))
    let total = entries.reduce(0) { $0 + $1.bytes }
    Output.line(
      "\(entries.count) entr\(entries.count == 1 ? "y" : "ies"), \(total) bytes in \(cache.folder)")
  }

  static func words(_ seconds: Int) -> String {
    if seconds < 120 { return "\(seconds) s" }
    if seconds < 7200 { return "\(seconds / 60) min" }
    return seconds < 172_800 ? "\(seconds / 3600) h" : "\(seconds / 86400) d"
  }
}

/// `dsx datasets cache prune`
struct DatasetsCachePrune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove converted data sets that are old, or too many.",
    discussion: """
      With --max-size the longest unused go first. What a process is writing stays. Without \
      an option nothing is removed; '--older-than 0s' removes all.

      Examples:
        dsx datasets cache prune --older-than 30d
        dsx datasets cache prune --max-size 500MB
      """)

  @Option(help: "Those not used for so long: 30d, 12h, 45m or 10s.") var olderThan: Duration?
  @Option(help: "Until all together take at most so much: 500MB, 10GB, 2GiB.") var maxSize: Size?
  @Option(help: "How it is printed: text or json.") var format: DatasetsFormat = .text

  func validate() throws {
    guard olderThan != nil || maxSize != nil else {
      throw ValidationError("say what goes: --older-than or --max-size")
    }
  }

  func run() throws {
    let cache = ConversionCache(homes: Homes.current())
    let removed = try cache.prune(
      olderThan: olderThan?.seconds, maximumBytes: maxSize?.bytes)
    let bytes = removed.reduce(0) { $0 + $1.bytes }
    if format == .json {
      let json: JSONValue = [
        "removed": .array(removed.map(\.json)), "bytes": .int(Int64(bytes)),
      ]
      Output.line(json.text(.indented))
    } else {
      Output.line(
        "\(removed.count) entr\(removed.count == 1 ? "y" : "ies") removed, \(bytes) bytes")
    }
  }

  /// `30d`
  struct Duration: ExpressibleByArgument {
    let seconds: Int
    init?(argument: String) {
      let units = ["s": 1, "m": 60, "h": 3600, "d": 86400]
      guard let value = DatasetsCachePrune.number(argument, units) else { return nil }
      seconds = value
    }
  }

  /// `500MB`
  struct Size: ExpressibleByArgument {
    let bytes: Int
    init?(argument: String) {
      let units = [
        "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000,
        "TB": 1_000_000_000_000, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
      ]
      guard let value = DatasetsCachePrune.number(argument, units) else { return nil }
      bytes = value
    }
  }

  fileprivate static func number(_ text: String, _ units: [String: Int]) -> Int? {
    let digits = text.utf8.prefix { $0 &- 0x30 <= 9 }
    let unit = String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self)
    guard let value = Int(String(decoding: digits, as: UTF8.self)), let factor = units[unit]
    else { return nil }
    let (product, overflows) = value.multipliedReportingOverflow(by: factor)
    return overflows ? nil : product
  }
}
