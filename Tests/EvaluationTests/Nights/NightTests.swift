import DSXCore
import Testing

@testable import Evaluation

@Suite struct NightTests {
  static let text = """
    name: nights
    models: [m]
    datasets:
      - dataset: a
        metrics: [accuracy]
      - dataset: b
        metrics: [accuracy]
    gates:
      - {dataset: a, metric: accuracy}
      - {dataset: b, metric: accuracy, required: true, hard_floor: 0.5}
    resamples: 200
    keep: {runs: 8}
    report: [md, junit, html]
    """

  static func options(_ folder: ScratchFolder, _ night: Int, workers: Int = 1) -> NightOptions {
    let date = "2026-11-" + (night < 10 ? "0" : "") + String(night)
    return NightOptions(
      reports: folder.path + "/reports", night: date, workers: workers, tool: "dsx test",
      now: { date + "T02:00:00Z" }, clock: { Double(night * workers) })
  }

  /// What each of the ten nights is like.
  static func prepare(_ executor: MadeUpExecutor, night: Int) {
    executor.worlds = [:]
    executor.stopsBefore = nil
    // A new model on the second and the fifth night; the seventh brings a regression on b that the
    // eighth has too; the ninth mends it.
    var (a, b) = (MadeUpExecutor.World(), MadeUpExecutor.World())
    a.model = night < 2 ? 0 : night < 5 ? 1 : 2
    b.model = a.model
    if night == 7 || night == 8 {
      (b.model, b.drop) = (3, 0.15)
    }
    // The data of a change on the sixth night.
    if night >= 6 { a.data = 1 }
    // On the fourth a file is missing at first.
    if night == 4 {
      b.crashes = true
      b.model = 8
    }
    executor.worlds = ["m--a": a, "m--b": b]
  }

  struct Story: Equatable {
    var verdicts: [Int] = []
    var reports: [String] = []
    var baselines: [String?] = []
    var outcomes: [[String]] = []
  }

  static func tenNights(workers: Int) throws -> (Story, ScratchFolder) {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", text))
    let executor = MadeUpExecutor()
    var story = Story()
    for night in 1...10 {
      prepare(executor, night: night)
      let runner = NightRunner(recipe, options(folder, night, workers: workers), executor: executor)
      let outcome = try runner.execute()
      #expect(outcome.warnings.isEmpty, "\(outcome.warnings)")
      story.verdicts.append(outcome.report.verdict?.exitCode ?? -1)
      var bare = outcome.report
      bare.runtime = nil
      story.reports.append(bare.json.text())
      story.baselines.append(outcome.report.comparison?.baseline.run)
      story.outcomes.append(outcome.report.gates.map { $0.outcome?.rawValue ?? "" })
    }
    return (story, folder)
  }

  /// Ten nights on one thread, for two tests.
  static let once = Result { try tenNights(workers: 1) }

  @Test func tenNightsEndAsTheyShould() throws {
    let (story, folder) = try Self.once.get()
    #expect(story.verdicts == [0, 0, 0, 5, 0, 0, 100, 100, 0, 0])
    func run(_ night: Int) -> String {
      "nights-2026-11-" + (night < 10 ? "0" : "") + String(night)
    }
    #expect(
      story.baselines == [
        nil, run(1), run(2), run(3), run(3), run(5), run(6), run(6), run(6), run(9),
      ])
    #expect(story.outcomes[0] == ["cannot tell", "cannot tell"])
    #expect(story.outcomes[2] == ["same", "same"])
    #expect(story.outcomes[6] == ["same", "worse"])
    #expect(story.outcomes[8] == ["same", "same"])
    // The changed examples of the sixth night are left out, the others compared.
    let six = try #require(Self.night(folder, 6))
    #expect(six.comparison?.onlyHere == 30 && six.comparison?.shared == 570)
    #expect(six.history.first { $0.cell == "m--a" }?.changedNow == ["data"])
    let seven = try #require(Self.night(folder, 7))
    #expect(seven.verdict?.status == .failed)
    #expect(seven.verdict?.headline == "1 of 2 gates failed")
    #expect((seven.flips?.rightToWrong ?? 0) > 25)
    let flip = try #require(seven.flips?.rows.first)
    #expect(flip.before == "a" && flip.now == "b" && flip.gold == "a" && flip.text != "")
    #expect(seven.gates[1].detectable.map { (0.01...0.2).contains($0) } == true)
    // The same verdict everywhere.
    let words = "1 of 2 gates failed"
    for name in ["report.md", "report.html", "junit.xml"] {
      let text = try folder.text("reports/" + run(7) + "/" + name)
      #expect(name == "junit.xml" ? text.contains("fell from") : text.contains(words), "\(name)")
    }
    let history = try #require(
      try RunHistory.reading(RunHistory.path(in: folder.path + "/reports")))
    try history.check()
    // Eight are kept, and 2, with which 3 was compared; 1 went although 2 was compared with it.
    let kept = try history.runs().map(\.id)
    #expect(kept == [10, 9, 8, 7, 6, 5, 4, 3, 2].map(run))
    #expect(!FilePath.exists(folder.path + "/reports/" + run(1)))
    #expect(try history.run(run(7))?.gates[1].outcome == "worse")
    #expect(try history.run(run(4))?.cells[1].status == "failed")
    let index = try folder.text("reports/index.html")
    for night in 4...10 { #expect(index.contains(run(night))) }
  }

  static func night(_ folder: ScratchFolder, _ night: Int) -> NightReport? {
    let path =
      folder.path + "/reports/nights-2026-11-" + (night < 10 ? "0" : "") + "\(night)/report.json"
    guard case .night(let report)? = try? AnyReport(file: path) else { return nil }
    return report
  }

  @Test func reportsDoNotDependOnWorkersOrRepetition() throws {
    let (one, _) = try Self.once.get()
    let (two, _) = try Self.tenNights(workers: 3)
    #expect(one == two)
  }

  @Test func theSameNightContinuesAndFindsItselfFinished() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", Self.text))
    let executor = MadeUpExecutor()
    Self.prepare(executor, night: 4)
    let broken = try NightRunner(recipe, Self.options(folder, 4), executor: executor).execute()
    #expect(broken.report.verdict?.exitCode == 5 && executor.computed == ["m--a"])
    #expect(broken.report.verdict?.headline.contains("a weight file is missing") == true)
    // The file is back: only what is missing is computed.
    executor.worlds["m--b"]?.crashes = false
    let whole = try NightRunner(recipe, Self.options(folder, 4), executor: executor).execute()
    #expect(whole.report.verdict?.exitCode == 0 && executor.computed == ["m--a", "m--b"])
    let again = try NightRunner(recipe, Self.options(folder, 4), executor: executor).execute()
    #expect(again.wasFinished && executor.computed.count == 2)
    #expect(again.report == whole.report)
    // Another night with the same models takes the numbers over.
    let later = try NightRunner(recipe, Self.options(folder, 5), executor: executor).execute()
    #expect(executor.computed.count == 2 && later.report.gates.allSatisfy { $0.outcome == .same })
    // A changed model the same night is another run.
    executor.worlds["m--a"]?.model = 9
    #expect(throws: DSXError.self) {
      try NightRunner(recipe, Self.options(folder, 5), executor: executor).execute()
    }
    var options = Self.options(folder, 5)
    options.overwrite = true
    let replaced = try NightRunner(recipe, options, executor: executor).execute()
    #expect(!replaced.wasFinished && executor.computed.count == 3)
  }

  @Test func theFirstNightPassesAlthoughItCannotTell() throws {
    let folder = try ScratchFolder()
    let text = Self.text.replacing("{dataset: a,", with: "{dataset: a, cannot_tell: fail,")
    let recipe = try Recipe(path: folder.put("nights.yaml", text))
    let first = try NightRunner(recipe, Self.options(folder, 1), executor: MadeUpExecutor())
      .execute()
    #expect(first.report.verdict?.exitCode == 0)
    #expect(first.report.gates.allSatisfy { $0.status == .passed && $0.outcome == .cannotTell })
    #expect(first.report.gates[1].sentence.contains("keeps the hard floor 0.5"))
    let tests = try folder.text("reports/nights-2026-11-01/junit.xml")
    #expect(!tests.contains("<error") && tests.contains("cannot tell"))
  }

  @Test func twoOfTheSameNightDoNotMix() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", Self.text))
    let executor = MadeUpExecutor()
    var refusals: [DSXError] = []
    executor.during = {
      do throws(DSXError) {
        _ = try NightRunner(recipe, Self.options(folder, 1), executor: MadeUpExecutor()).execute()
      } catch { refusals.append(error) }
    }
    _ = try NightRunner(recipe, Self.options(folder, 1), executor: executor).execute()
    #expect(refusals.count == 2 && refusals.allSatisfy { $0.code.exitCode == .usage })
    #expect(refusals.first?.message.contains("another run of dsx is writing") == true)
    #expect(!FilePath.exists(folder.path + "/reports/.nights-2026-11-01.lock"))
  }

  @Test func brokenExamplesCostTheirCellOnly() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", Self.text))
    let executor = MadeUpExecutor()
    _ = try NightRunner(recipe, Self.options(folder, 1), executor: executor).execute()
    executor.worlds = ["m--a": .init(model: 1)]
    executor.repeatsIn = "m--a"
    let second = try NightRunner(recipe, Self.options(folder, 2), executor: executor).execute()
    #expect(second.report.verdict?.exitCode == 5)
    #expect(second.report.verdict?.headline.contains("m--a/examples.jsonl line 3") == true)
    #expect(second.report.gates.map(\.outcome) == [.cannotTell, .same])
    #expect(second.report.gates[0].sentence.contains("is there twice"))
  }

  @Test func failedExamplesAreIncomplete() throws {
    let folder = try ScratchFolder()
    let executor = MadeUpExecutor()
    executor.worlds["m--a"] = .init(failures: 5)
    for (word, code) in [("fail", 5), ("accept", 0)] {
      let recipe = try Recipe(
        path: folder.put("\(word).yaml", Self.text + "\non_incomplete: \(word)\n"))
      var options = Self.options(folder, 1)
      options.reports = folder.path + "/" + word
      let outcome = try NightRunner(recipe, options, executor: executor).execute()
      #expect(outcome.report.verdict?.exitCode == code)
    }
  }

  @Test func plansStateWhatGatesCanSee() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", Self.text))
    let executor = MadeUpExecutor()
    let first = try NightRunner(recipe, Self.options(folder, 1), executor: executor).plan()
    #expect(first.cells.count == 2 && first.gates.count == 2 && first.seconds == nil)
    #expect(first.gates[0].detectable == nil && first.gates[0].basis == "no run yet")
    for night in 1...2 {
      Self.prepare(executor, night: night)
      _ = try NightRunner(recipe, Self.options(folder, night), executor: executor).execute()
    }
    executor.worlds["m--a"]?.model = 5
    let plan = try NightRunner(recipe, Self.options(folder, 3), executor: executor).plan()
    #expect(!plan.cells[0].isCached && plan.cells[1].isCached)
    #expect(plan.seconds != nil && plan.level == 0.025)
    let detectable = try #require(plan.gates[0].detectable)
    #expect(detectable > 0.05 && detectable < 0.13)
    #expect(plan.baseline == "nights-2026-11-02")
  }

  @Test func notifyIsToldTheVerdict() throws {
    let folder = try ScratchFolder()
    let told = folder.path + "/told.json"
    let recipe = try Recipe(
      path: folder.put("nights.yaml", Self.text + "\nnotify: cat > '\(told)'\n"))
    let outcome = try NightRunner(recipe, Self.options(folder, 1), executor: MadeUpExecutor())
      .execute()
    #expect(outcome.warnings.isEmpty)
    let message = try JSONParser.parse(file: told)
    #expect(message["run"]?.string == "nights-2026-11-01")
    #expect(message["verdict"]?["exit_code"]?.int == 0)
    #expect(NotifyCommand.run("exit 3", .null) == "the notify command ended with exit code 3")
    // One that reads nothing harms nothing.
    #expect(
      NotifyCommand.run("true", .string(String(repeating: "x", count: 1 << 20))) == nil)
  }
}
