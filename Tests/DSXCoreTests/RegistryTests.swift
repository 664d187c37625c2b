import DSXCore
import Testing

@Suite struct RegistryTests {
  @Test func unknownNamesListTheKnownAndTheNearest() throws {
    var registry = Registry<Int>(kind: "metric")
    try registry.register("accuracy", 1)
    try registry.register("perplexity", 2)
    #expect(try registry.find("accuracy") == 1)
    #expect(throws: DSXError.self) { try registry.register("accuracy", 3) }
    do throws(DSXError) { _ = try registry.find("acuracy") } catch {
      #expect(error.code.exitCode == .usage)
      #expect(error.hint == "did you mean 'accuracy'? known: accuracy, perplexity")
    }
  }

  @Test func farNamesAreNotSuggested() {
    #expect(NearestName.find("bleu", in: ["accuracy", "perplexity"]) == nil)
    #expect(NearestName.find("tnew", in: ["tnews", "ddtp_zh"]) == "tnews")
    #expect(NearestName.find("rnu", in: ["plan", "run", "schedule"]) == "run")
    #expect(NearestName.find("urn", in: ["plan", "schedule"]) == nil)
  }
}
