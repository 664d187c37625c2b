import DSXCore
import Jobs
import Testing

@testable import Evaluation

/// Recipes whose cells several processes make: the same nights as in one process.
@Suite struct RecipeShardsTests {
  /// A process of its own, as far as that goes.
  private func shards(_ recipe: Recipe, _ options: NightOptions, _ executor: MadeUpExecutor)
    -> RecipeShards
  {
    RecipeShards(NightRunner(recipe, options, executor: executor))
  }

  private func merge(
    _ recipe: Recipe, _ options: NightOptions, _ executor: MadeUpExecutor
  ) throws -> NightOutcome {
    let work = try shards(recipe, options, executor).plan(command: PlannedCommand(arguments: []))
    #expect(work.work.steps.map(\.shards) == [recipe.cells.count])
    for shard in recipe.cells.indices.reversed() {
      try shards(recipe, options, executor).run(
        work.path, .shards([shard], step: nil), verify: false)
    }
    let outcome = try shards(recipe, options, executor).merge(
      work.path, partial: false, keepsWork: false)
    #expect(!FilePath.exists(work.path))
    return outcome
  }

  @Test func tenNightsInShardsAreThoseOfOneProcess() throws {
    let (wanted, _) = try NightTests.once.get()
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", NightTests.text))
    let executor = MadeUpExecutor()
    var story = NightTests.Story()
    var verdicts: Set<Int> = []
    for night in 1...10 {
      NightTests.prepare(executor, night: night)
      let outcome = try merge(recipe, NightTests.options(folder, night), executor)
      #expect(outcome.warnings.isEmpty && !outcome.wasFinished)
      story.verdicts.append(outcome.report.verdict?.exitCode ?? -1)
      #expect(outcome.report.runtime?.facts?["made_in_shards"]?.int == 2)
      // Planned again, a night that lacks nothing ends with its verdict; so do its files.
      let code = outcome.report.verdict?.exitCode ?? -1
      let stored = try FinishedVerdict.error(outcome.folder)
      #expect(Int(stored?.code.exitCode.rawValue ?? 0) == code)
      if RecipeShards.isWhole(outcome.report) {
        let again = #expect(throws: DSXError.self) {
          _ = try shards(recipe, NightTests.options(folder, night), executor).plan(
            command: PlannedCommand(arguments: []))
        }
        #expect(again?.isAlreadyMade == true)
        #expect(Int(again?.code.exitCode.rawValue ?? 0) == code)
        if code != 0 { #expect(again?.message == stored?.message) }
        verdicts.insert(code)
      }
      var bare = outcome.report
      bare.runtime = nil
      story.reports.append(bare.json.text())
      story.baselines.append(outcome.report.comparison?.baseline.run)
      story.outcomes.append(outcome.report.gates.map { $0.outcome?.rawValue ?? "" })
    }
    #expect(story == wanted && verdicts.isSuperset(of: [0, 100]))
    let history = try #require(
      try RunHistory.reading(RunHistory.path(in: folder.path + "/reports")))
    try history.check()
  }

  @Test func missingCellsAreListedOrCountAsFailed() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", NightTests.text))
    let executor = MadeUpExecutor()
    let options = NightTests.options(folder, 1)
    let job = shards(recipe, options, executor)
    let work = try job.plan(command: PlannedCommand(arguments: []))
    try job.run(work.path, .shards([0], step: "cells"), verify: false)
    let error = #expect(throws: DSXError.self) {
      _ = try job.merge(work.path, partial: false, keepsWork: false)
    }
    #expect(error?.code == .incomplete && error?.message == "shards are missing: cells 1")
    let partial = try job.merge(work.path, partial: true, keepsWork: false)
    #expect(partial.report.verdict?.exitCode == 5)
    #expect(partial.report.cells.map(\.status) == [.done, .failed])
    // The work is kept: the missing cell can still come.
    try job.run(work.path, .all(step: nil), verify: false)
    let whole = try job.merge(work.path, partial: false, keepsWork: false)
    #expect(whole.report.verdict?.exitCode == 0 && !FilePath.exists(work.path))
    #expect(executor.computed.sorted() == ["m--a", "m--b"])
    let again = #expect(throws: DSXError.self) {
      _ = try job.plan(command: PlannedCommand(arguments: []))
    }
    #expect(again?.code == .alreadyMade)
  }

  @Test func changesAfterThePlanAreRefused() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", NightTests.text))
    let executor = MadeUpExecutor()
    let options = NightTests.options(folder, 1)
    let job = shards(recipe, options, executor)
    let work = try job.plan(command: PlannedCommand(arguments: []))
    executor.worlds = ["m--b": MadeUpExecutor.World(model: 4)]
    var error = #expect(throws: DSXError.self) {
      try job.run(work.path, .shards([1], step: nil), verify: false)
    }
    #expect(error?.code == .outputExists)
    let other = try Recipe(
      path: folder.put("other.yaml", NightTests.text + "\nalpha: 0.01\n"))
    error = #expect(throws: DSXError.self) {
      try shards(other, options, executor).run(work.path, .all(step: nil), verify: false)
    }
    #expect(error?.code == .outputExists)
    let status = try WorkStatus(work.path)
    #expect(status.steps[0].failed.map(\.shard) == [1])
  }

  @Test func cellsOfEarlierNightsAreTaken() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(path: folder.put("nights.yaml", NightTests.text))
    let executor = MadeUpExecutor()
    _ = try merge(recipe, NightTests.options(folder, 1), executor)
    #expect(executor.computed.count == 2)
    let second = try merge(recipe, NightTests.options(folder, 2), executor)
    #expect(executor.computed.count == 2 && second.report.verdict?.exitCode == 0)
    #expect(second.report.runtime?.facts?["shards_from_cache"]?.int == 2)
    var options = NightTests.options(folder, 3)
    options.fresh = true
    _ = try merge(recipe, options, executor)
    #expect(executor.computed.count == 4)
  }
}
