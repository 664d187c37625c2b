import DSXCore
import Foundation
import Testing

@testable import Metrics

/// What a new metric must bring with it: one file with an entry, one line in `Builtins`, golden cases or a
/// reason why not, one row in docs/metrics.md. Each test says what is missing.
@Suite struct RegistryFactsTests {
  static let root = FilePath.split(
    FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder
  ).folder

  @Test func namesAreUniqueAndPlain() throws {
    let registry = try Builtins.registry()
    #expect(registry.names().count == Builtins.entries.count)
    for entry in Builtins.entries {
      #expect(
        entry.name.utf8.allSatisfy {
          (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x2b
        }, "\(entry.name): lower case letters, digits, '-' and '+' only")
    }
  }

  @Test(arguments: Builtins.entries.map(\.name)) func everythingIsSaid(_ name: String) throws {
    let entry = try Builtins.registry().find(name)
    for (what, text) in [
      ("summary", entry.summary), ("formula", entry.formula), ("unit", entry.unit),
      ("reference", entry.reference),
    ] {
      #expect(!text.isEmpty, "\(name) has no \(what)")
      #expect(!text.hasSuffix("."), "the \(what) of \(name) ends in a full stop")
    }
    #expect(!entry.edgeCases.isEmpty, "\(name) names no edge case")
    #expect(entry.edgeCases.allSatisfy { !$0.isEmpty }, "\(name) has an empty edge case")
    #expect(!entry.inputs.isEmpty, "\(name) reads nothing")
    #expect(Set(entry.inputs.map(\.role)).count == entry.inputs.count, "\(name): a role twice")
    let settings = entry.parameters.map(\.name)
    #expect(Set(settings).count == settings.count, "\(name): a setting twice")
    for parameter in entry.parameters {
      #expect(!parameter.summary.isEmpty, "\(name).\(parameter.name) has no summary")
      if let value = parameter.defaultValue {
        #expect(try parameter.checked(value) == value, "\(name).\(parameter.name): its default")
      }
    }
    for (library, values) in entry.compat {
      #expect(throws: Never.self, "\(name) as \(library)") { try entry.options(values) }
    }
  }

  @Test(arguments: Builtins.entries.map(\.name)) func metricsFollowTheirEntries(_ name: String)
    throws
  {
    let entry = try Builtins.registry().find(name)
    let metric = try RandomRows.metric(entry)
    #expect(metric.higherIsBetter == entry.higherIsBetter, "\(name): direction")
    #expect(metric.entryName == name)
    #expect(metric.signature.contains("version:") || metric.signature.contains(":"), "\(name)")
    #expect(metric.score(from: metric.zero) == nil, "\(name) of no example must not be defined")
    #expect(metric.stateVersion >= 1)
    // A row without anything is an error, never a number.
    #expect(throws: DSXError.self, "\(name) of an empty row") {
      try metric.statistics(of: MetricRow(roles: [], values: []))
    }
  }

  @Test func unknownSettingsNameTheNearest() throws {
    let entry = try Builtins.registry().find("bleu")
    do {
      _ = try entry.options(["lowercas": true])
      Issue.record("an unknown setting was taken")
    } catch { #expect(error.hint?.contains("lowercase") == true) }
    #expect(throws: DSXError.self) { try entry.options(["lowercase": 3]) }
    #expect(throws: DSXError.self) { try entry.options(["max-order": 0]) }
    #expect(throws: DSXError.self) { try entry.options(["tokenize": "zz"]) }
  }

  /// The table "Every metric" of docs/metrics.md is what `dsx metrics list --format markdown` prints: no
  /// metric is missing, none is there that the registry lacks, and each row says what the code says.
  @Test func documentationAndRegistryAgree() throws {
    let page = try String(contentsOfFile: Self.root + "/docs/metrics.md", encoding: .utf8)
    let head = "| " + MetricEntry.documentationHeads.joined(separator: " | ") + " |"
    let lines = page.components(separatedBy: "\n").drop { $0 != head }
    #expect(!lines.isEmpty, "docs/metrics.md lacks the table of every metric")
    let rows = lines.dropFirst(2).prefix { $0.hasPrefix("|") }
    let wanted = Builtins.entries.map(\.documentationRow)
    for row in wanted where !rows.contains(row) {
      Issue.record("docs/metrics.md lacks the row:\n\(row)")
    }
    for row in rows where !wanted.contains(row) {
      Issue.record("docs/metrics.md has a row of no metric, or an old one:\n\(row)")
    }
    #expect(Array(rows) == wanted || Set(rows) != Set(wanted), "the rows' order is the registry's")
  }
}
