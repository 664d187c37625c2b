import DSXCore
import Foundation
import Testing

@testable import Models

/// PanGu-alpha against the NumPy reference of `scripts/interop` (see Tests/Fixtures/pangu/README.md).
@Suite struct PanGuTests {
  static let folder =
    FilePath.split(FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder)
    .folder + "/Tests/Fixtures/pangu"

  private func expected() throws -> JSONValue {
    try JSONParser.parse(file: Self.folder + "/expected.json")
  }

  private func ids(_ value: JSONValue?) -> [Int32] {
    (value?.array ?? []).compactMap(\.int).map(Int32.init)
  }

  private func model(_ name: String = "whole") throws -> any LanguageModel {
    try ModelFolder.openModel(Self.folder + "/" + name)
  }

  @Test(arguments: ["whole", "tables"])
  func logLikelihoods(_ name: String) throws {
    let model = try model(name)
    #expect(model.info.architecture == "pangu_alpha")
    #expect(model.info.context == 24)
    let items = try expected()["items"]?.array ?? []
    #expect(items.count == 6)
    for item in items where ids(item["ids"]).count > 1 {
      let ours = try model.logLikelihoods([ids(item["ids"])], workers: 1)[0]
      let theirs = (item["log_probabilities"]?.array ?? []).compactMap(\.double)
      #expect(ours.count == theirs.count)
      for (mine, other) in zip(ours, theirs) { #expect(abs(mine - other) < 5e-5) }
    }
  }

  /// Whole prompts, and the same sequences id by id.
  @Test func logits() throws {
    let session = try model().makeSession(ComputeOptions(workers: 2))
    for item in try expected()["items"]?.array ?? [] {
      let sequence = Array(ids(item["ids"]).prefix(24))
      let whole = try session.start([sequence])[0]
      let grown = try session.start([Array(sequence.prefix(1))])[0]
      for id in sequence.dropFirst() { try session.append([id], to: [grown]) }
      let theirs = (item["last_logits"]?.array ?? []).compactMap(\.double)
      #expect(theirs.count == 50)
      for slot in [whole, grown] {
        let ours = session.withLogits(of: slot) { Array($0) }
        for (mine, other) in zip(ours, theirs) { #expect(abs(Double(mine) - other) < 1e-4) }
        session.release(slot)
      }
    }
  }

  @Test func thePaddingIDIsHidden() throws {
    let model = try model()
    let items = try expected()["padded"]?.array ?? []
    #expect(items.count == 3)
    let ours = try model.logLikelihoods(items.map { ids($0["ids"]) }, workers: 2)
    var compared = 0
    for (item, scores) in zip(items, ours) {
      let theirs = item["log_probabilities"]?.array ?? []
      #expect(theirs.count == scores.count)
      for (mine, other) in zip(scores, theirs) {
        guard let other = other.double else { continue }
        #expect(abs(mine - other) < 5e-5)
        compared += 1
      }
    }
    #expect(compared > 30)
    let session = try model.makeSession(ComputeOptions())
    #expect(throws: DSXError.self) { try session.start([[1, 6]]) }
  }

  @Test func refusals() throws {
    let scratch = try Scratch()
    try FilePath.makeFolder(scratch.path)
    let config = try JSONParser.parse(file: Self.folder + "/tables/config.json")
    for name in ["filtered.ckpt", "word_embedding.npy", "position_embedding.npy"] {
      try FileManager.default.copyItem(
        atPath: Self.folder + "/tables/" + name, toPath: FilePath.join(scratch.path, name))
    }
    try scratch.write("config.json", config)
    // One of the tables is missing.
    #expect(throws: DSXError.self) { try ModelFolder.openModel(scratch.path) }
    for (name, value) in [
      ("num_layers", 4 as JSONValue), ("num_layers", 1), ("hidden_size", 15), ("num_heads", 3),
      ("vocab_size", 51), ("pad_token_id", 50), ("hidden_act", "tanh"), ("use_moe", true),
    ] {
      let other = JSONValue.object(
        (config.object ?? []).filter { $0.name != name } + [.init(name, value)])
      try scratch.write("config.json", other)
      #expect(throws: DSXError.self, "\(name) = \(value.text())") {
        try ModelFolder.openModel(scratch.path)
      }
    }
  }
}
