import DSXCore
import Evaluation
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
    for name in ["ddtp_zh", "tnews", "handbook_ppl", "debfaq_ppl", "tang_ppl"] {
      let task = try TaskDefinition(path: "\(Self.package)/datasets/\(name)/task.yaml")
      #expect(task.name == name)
      #expect(task.hash.utf8.count == 64)
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
    ("task: x\nversion: 1\nrequest: rolling_log_likelihood\ntext: t\nmetrics: [acc]", "metric"),
    ("task: x\nversion: 1\nrequest: log_likelihood\ntext: t\nmetrics: [accuracy]", "prompt"),
  ])
  func badFilesAreRefused(_ yaml: String, _ word: String) throws {
    let error = #expect(throws: DSXError.self) { try read(yaml) }
    let text = error?.description ?? ""
    #expect(word.isEmpty || text.contains(word), "\(text)")
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
