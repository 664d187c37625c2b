import DSXCore
import Foundation
import Metrics
import Testing

/// The pages say what the program has: links, options, metrics, data sets and examples are compared.
@Suite struct DocumentationTests {
  static let root = EndToEndTests.package
  /// README.md and the pages of docs/, relative to the checkout.
  static let pages: [String] =
    ["README.md"]
    + ((try? FilePath.list(root + "/docs")) ?? []).filter { $0.hasSuffix(".md") }.map {
      "docs/" + $0
    }

  static func text(_ page: String) throws -> String {
    try String(contentsOfFile: root + "/" + page, encoding: .utf8)
  }

  // MARK: links

  @Test(arguments: pages) func linksPointToFiles(_ page: String) throws {
    let folder = FilePath.split(Self.root + "/" + page).folder
    for target in Self.links(try Self.text(page)) {
      let path = folder + "/" + target
      #expect(FileManager.default.fileExists(atPath: path), "\(page) links to \(target)")
    }
  }

  /// The local targets of `[text](target)` outside of code.
  static func links(_ text: String) -> [String] {
    var targets: [String] = []
    var isFenced = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("```") { isFenced.toggle() }
      guard !isFenced, !line.hasPrefix("    ") else { continue }
      for part in line.components(separatedBy: "](").dropFirst() {
        let target = part.prefix { $0 != ")" && $0 != "#" && $0 != " " }
        if target.isEmpty || target.contains("://") || target.hasPrefix("mailto:") { continue }
        targets.append(String(target))
      }
    }
    return targets
  }

  @Test func linksAreFound() {
    let text = "[a](x.md) [b](y.md#part) [c](https://z) [d](#here)\n    [e](code)\n"
    #expect(Self.links(text) == ["x.md", "y.md"])
  }

  // MARK: options

  @Test(arguments: [
    "prepare", "eval", "score", "compare", "weights", "generate", "predict", "models", "runs",
  ])
  func pageHasEveryOption(
    _ command: String
  ) throws {
    let help = try Self.dsx("help " + command)
    let subcommands = try Self.subcommands(help).map { try Self.dsx("help \(command) \($0)") }
    let options: [String] = ([help] + subcommands).flatMap { (text: String) in Self.options(text) }
    #expect(options.count > 6, "the help of \(command) could not be read")
    let page = command == "models" ? "docs/models-command.md" : "docs/\(command).md"
    let rows = Self.firstCells(try Self.text(page)).flatMap(Self.options(inCell:))
    for option in options {
      #expect(rows.contains(option), "\(page) has no row for \(option)")
    }
    for option in Set(rows).subtracting(options) {
      Issue.record("\(page) has a row for \(option), which dsx \(command) does not have")
    }
  }

  /// Every option of every `records` command stands on one of its pages.
  @Test func recordsPagesHaveEveryOption() throws {
    let pages = try Self.text("docs/records.md") + Self.text("docs/records-order.md")
    let commands = Self.subcommands(try Self.dsx("help records"))
    #expect(commands.count > 10)
    for command in commands {
      #expect(pages.contains("dsx records \(command)"), "no page shows dsx records \(command)")
      for option in Self.options(try Self.dsx("help records \(command)"))
      where !["--help", "--version"].contains(option) {
        #expect(
          pages.contains("`\(option)") || pages.contains("\(option) "),
          "no page has \(option) of dsx records \(command)")
      }
    }
  }

  /// The commands of engines share a page; every option stands in the table of its command.
  @Test(arguments: ["submit", "status", "cancel", "shards run", "shards merge"])
  func scalePageHasEveryOption(_ command: String) throws {
    let page = try Self.text("docs/scale.md")
    let parts = page.components(separatedBy: "\n### dsx \(command)\n")
    #expect(parts.count == 2, "docs/scale.md has no part for dsx \(command)")
    let part = parts.last?.components(separatedBy: "\n##")[0] ?? ""
    let rows = Self.firstCells(part).flatMap(Self.options(inCell:))
    let options = Self.options(try Self.dsx("help " + command)).filter {
      !["--help", "--version"].contains($0)
    }
    for option in options {
      #expect(rows.contains(option), "no row for \(option) of dsx \(command)")
    }
    for row in rows { #expect(options.contains(row), "dsx \(command) has no \(row)") }
  }

  @Test func reportsPageHasEveryOption() throws {
    let page = try Self.text("docs/reports.md")
    for command in Self.subcommands(try Self.dsx("help report")) {
      #expect(page.contains("## dsx report \(command)"), "no page shows dsx report \(command)")
      for option in Self.options(try Self.dsx("help report \(command)")) {
        #expect(page.contains("`\(option)"), "no row for \(option) of dsx report \(command)")
      }
    }
  }

  /// The long options that a help text lists: its lines that begin with a dash.
  static func options(_ help: String) -> [String] {
    help.split(separator: "\n").flatMap { line -> [String] in
      let trimmed = line.drop { $0 == " " }
      guard trimmed.hasPrefix("-") else { return [] }
      // Names and their value stand before the first two blanks, the description behind.
      let names = trimmed.components(separatedBy: "  ").first ?? ""
      return names.split { " ,".contains($0) }.filter { $0.hasPrefix("--") }.map(String.init)
    }
  }

  /// The options in code of a table cell: `` `--seq-length N` `` gives `--seq-length`.
  static func options(inCell cell: String) -> [String] {
    // Every second part is code.
    cell.components(separatedBy: "`").enumerated().filter { index, part in
      index % 2 == 1 && part.hasPrefix("--")
    }.map { _, code in String(code.prefix { $0 != " " }) }
  }

  // MARK: metrics and data sets

  @Test func everyMetricHasARow() throws {
    let rows = Self.firstCells(try Self.text("docs/metrics.md"))
    for name in try Builtins.registry().names() {
      #expect(rows.contains("`\(name)`"), "docs/metrics.md has no row for \(name)")
    }
  }

  @Test func everyDataSetHasARow() throws {
    let rows = Self.firstCells(try Self.text("docs/datasets.md"))
    let folders = try FilePath.list(Self.root + "/datasets").filter {
      FilePath.isFolder(Self.root + "/datasets/" + $0) && !$0.hasPrefix("_")
    }
    #expect(!folders.isEmpty)
    for name in folders {
      #expect(rows.contains("`\(name)`"), "docs/datasets.md has no row for \(name)")
    }
  }

  /// The first cell of every table row.
  static func firstCells(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.dropFirst(2).components(separatedBy: " |").first ?? ""
    }
  }

  // MARK: help

  @Test func everyCommandHasAnExample() throws {
    var waiting = [""]
    var seen = 0
    while let command = waiting.popLast() {
      let help = try Self.dsx(command.isEmpty ? "--help" : "help " + command)
      seen += 1
      #expect(help.contains("Example"), "'dsx help \(command)' has no example")
      for name in Self.subcommands(help) {
        waiting.append(command.isEmpty ? name : command + " " + name)
      }
    }
    #expect(seen > 8, "only \(seen) commands were found")
  }

  /// The names under `SUBCOMMANDS:`, which are indented by two blanks.
  static func subcommands(_ help: String) -> [String] {
    let parts = help.components(separatedBy: "SUBCOMMANDS:\n")
    guard parts.count == 2 else { return [] }
    return parts[1].components(separatedBy: "\n\n")[0].split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
      return line.split(separator: " ").first.map(String.init)
    }
  }

  /// The standard output of `dsx ARGUMENTS`.
  static func dsx(_ arguments: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.path + "/dsx-help-\(UUID().uuidString)"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    let result = try EndToEndTests.shell("COLUMNS=200 dsx " + arguments, in: folder)
    #expect(result.exitCode == 0, "dsx \(arguments)\n\(result.stderr)")
    return result.stdout
  }
}
