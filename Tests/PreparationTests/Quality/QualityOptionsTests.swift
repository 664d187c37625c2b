import DSXCore
import Testing

@testable import Preparation

@Suite struct QualityOptionsTests {
  @Test func nothingIsOnByDefault() throws {
    let options = QualityOptions()
    #expect(!options.isActive)
    #expect(!options.needsSelection)
    #expect(options.json == .object([]))
  }

  @Test func stagesHaveDefaultsAndLimits() throws {
    var options = QualityOptions()
    try options.addFilters("length:min-units=20:max-word=off, script:keep=han+kana")
    #expect(options.limits[.minUnits] == 20)
    #expect(options.limits[.maxUnits] == 100_000)
    #expect(options.limits[.maxWordLength] == nil)
    #expect(options.limits[.minCharacters] == nil)
    #expect(options.keepScripts == [.han, .kana])
    #expect(options.isActive)
    #expect(!options.needsSelection)
    #expect(
      options.json.text()
        == #"{"length":{"min-units":20.0,"max-units":100000.0,"min-word":3.0},"#
        + #""script":{"keep":["han","kana"],"min-share":0.5}}"#)
  }

  @Test func duplicatesHaveParameters() throws {
    let options = try QualitySamples.duplicates(
      "exact,minhash:buckets=20:hashes=4:verify=0.5:seed=3")
    #expect(options.dropsExactDuplicates)
    #expect(options.minHash?.buckets == 20)
    #expect(options.minHash?.hashes == 4)
    #expect(options.minHash?.ngram == 5)
    #expect(options.minHash?.verify == 0.5)
    #expect(options.minHash?.seed == 3)
    #expect(options.needsSelection)
  }

  @Test(arguments: [
    "lenght", "length:minunits=3", "length:min-units", "length:min-units=-1", "length:min-units=x",
    "length,length", "length:min-units=1:min-units=2", "", "script:keep=klingon", "length:=3",
    "symbols:symbols=nan", "symbols:symbols=inf",
  ]) func wrongFiltersAreUsageErrors(_ text: String) {
    var options = QualityOptions()
    let error = #expect(throws: DSXError.self) { try options.addFilters(text) }
    #expect(error?.code.exitCode == .usage)
  }

  @Test(arguments: [
    "exakt", "exact:a=1", "minhash:buckets=0", "minhash:hashes=65", "minhash:ngram=x",
    "minhash:bands=3", "exact,exact",
  ]) func wrongDuplicatesAreUsageErrors(_ text: String) {
    var options = QualityOptions()
    let error = #expect(throws: DSXError.self) { try options.addDuplicates(text) }
    #expect(error?.code.exitCode == .usage)
  }

  @Test func rulesHaveNamesOfTheirOwn() {
    #expect(Set(QualityRule.allCases.map(\.name)).count == QualityRule.allCases.count)
    for rule in QualityRule.allCases { #expect(QualityRule(name: rule.name) == rule) }
  }

  @Test func theStagesIdentityFollowsItsOptions() throws {
    let one = try QualityStage(try QualitySamples.duplicates("minhash"))
    let two = try QualityStage(try QualitySamples.duplicates("minhash:seed=2"))
    #expect(one.identity != two.identity)
    #expect(one.identity.utf8.count == 32)
    var options = QualityOptions()
    options.minHash = MinHashParameters()
    options.minHash?.verify = 2
    let bad = options
    #expect(throws: DSXError.self) { try QualityStage(bad) }
  }
}
