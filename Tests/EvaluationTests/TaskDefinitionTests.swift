import DSXCore
@testable import Evaluation
import Metrics
import Foundation
import Testing

@Suite struct TaskDefinitionTests {
  static let package = FilePath.split(
    FilePath.split(FilePath.split(#filePath).folder).folder
  ).folder

  static func scratch(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "dsx-eval-\(UUID().uuidString)"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    try body(folder)
  }

  func read(_ text: String) throws -> TaskDefinition {
    var task: TaskDefinition?
    try Self.scratch { folder in
      try FilePath.write(Array(text.utf8), to: folder + "/task.yaml")
      task = try TaskDefinition(path: folder + "/task.yaml")
    }
    return try #require(task)
  }

  static let ppl = """
    task: x
    version: 1
    request: rolling_log_likelihood
    text: text
    metrics: [token-perplexity]
    """

  @Test func shippedTasksAreRead() throws {
    var homes = Homes.current()
    homes.folders = [Self.package]
    let names = EvaluationTarget.tasks(homes)
    #expect(names.count >= 20 && !names.contains("_template"))
    for name in names {
      let task = try TaskDefinition(path: try TaskCatalog.path(name, homes))
      #expect(task.hash.utf8.count == 64)
      for variant in task.variants {
        let other = try TaskDefinition(path: try TaskCatalog.path(name, homes), compat: variant)
        #expect(other.hash != task.hash, "\(name) \(variant)")
      }
      // Its metrics fit what it asks.
      let items = try task.metrics.map { try $0.item(try Builtins.registry(), labels: []) }
      try MetricPlan(items: items, task: task).check()
    }
    _ = try TaskDefinition(path: Self.package + "/datasets/_template/task.yaml")
  }

  @Test func everyMetricOfTheRegistryIsReachable() throws {
    for name in try Builtins.registry().names() {
      let task = try read(
        "task: x\nversion: 1\nrequest: given\nroles: {label: a}\nmetrics: [\(name)]")
      #expect(task.metrics == [MetricChoice(name)])
    }
  }

  @Test func unknownKeysNameTheNearest() throws {
    let error = #expect(throws: DSXError.self) { try read(Self.ppl + "\nmetrix: 3") }
    #expect(error?.code == .unknownName)
    #expect(error?.hint?.contains("did you mean 'metrics'") == true)
    #expect(error?.location.line == 6)
  }

  @Test(arguments: [
    ("", "empty"), ("- a", "mapping"), ("task: [", "YAML"),
    (ppl + "\ntask: y", ""), (ppl + "\nprompt: x", "prompt"),
    ("task: x\nversion: a\nrequest: rolling_log_likelihood\ntext: t\nmetrics: [x]", "whole"),
    ("task: x\nversion: 1\nrequest: rolling\ntext: t\nmetrics: [x]", "request"),
    ("task: x\nversion: 1\nrequest: rolling_log_likelihood\ntext: t\nmetrics: [accurcy]", "metric"),
    ("task: x\nversion: 1\nrequest: log_likelihood\ntext: t\nmetrics: [accuracy]", "prompt"),
  ])
  func badFilesAreRefused(_ yaml: String, _ word: String) throws {
    let error = #expect(throws: DSXError.self) { try read(yaml) }
    let text = error?.description ?? ""
    #expect(word.isEmpty || text.contains(word), "\(text)")
  }

  @Test(arguments: [
    (AnswerFilter.strip, "\u{3000} a b \n", "a b"), (.firstLine, "a\nb", "a"),
    (.firstSentence, "好。坏。", "好。"), (.firstSentence, "v1.2 is. Out", "v1.2 is."),
    (.lower, "AbÄ", "abÄ"), (.firstNumber, "x -1,234.50 y 7", "-1234.50"),
    (.lastNumber, "3-4 and 12.", "12"), (.finalNumber, "1 + 1 #### 2 (3)", "2"),
    (.finalNumber, "so 5", "5"), (.letter, "Answer: (B) or C", "B"), (.letter, "ABC", ""),
    (.choice, "我看是体育新闻", "体育新闻"), (.unspace, "我 们 a", "我们a"), (.none, " x ", " x "),
  ])
  func filters(_ filter: AnswerFilter, _ text: String, _ wanted: String) {
    #expect(filter.apply(text, choices: ["体育", "体育新闻", "财经"]) == wanted)
  }

  @Test func templatesFillNamedFieldsOnly() throws {
    let template = try PromptTemplate("a{{b}} {x}:{y}{x}")
    #expect(template.fields == ["x", "y"])
    #expect(template.fill(["x": "1", "y": "{x}"]) == "a{b} 1:{x}1")
    #expect(template.fill([:]) == "a{b} :")
    for bad in ["{", "}", "{}", "{a{b}}", "a}b", "{a"] {
      #expect(throws: DSXError.self, "\(bad)") { try PromptTemplate(bad) }
    }
  }
}
