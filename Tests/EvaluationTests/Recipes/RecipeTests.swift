import DSXCore
import Testing

@testable import Evaluation

@Suite struct RecipeTests {
  func recipe(_ text: String) throws -> Recipe {
    let folder = try ScratchFolder()
    return try Recipe(path: folder.put("r.yaml", text))
  }

  func message(_ text: String) -> String {
    do {
      _ = try recipe(text)
      return "no error"
    } catch { return "\(error)" }
  }

  static let small = "name: r\nmodels: [models/m]\ndatasets: [d]\n"

  @Test func everythingIsRead() throws {
    let recipe = try recipe(
      """
      name: r
      description: all of it
      models:
        - m1
        - {model: models/big, as: m2, dtype: bf16, datasets: [d2]}
      datasets:
        - dataset: d1@v2
          subset: s
          split: test
          task: tnews
          compat: pangu
          limit: 10
          sample: 5
          sample_seed: 3
          few_shot: 2
          rule: mean
          metrics: [accuracy, {metric: bleu, as: zh, tokenize: zh}]
          by: topic
        - {dataset: ./d2.mindrecord, as: d2}
      seed: 7
      baseline: none
      gates:
        - {dataset: d1, metric: accuracy, test: mcnemar, min_effect: 0.01, hard_floor: 0.2}
        - {metric: zh, required: false, cannot_tell: fail, resolution: 0.5}
      alpha: 0.01
      correction: none
      resamples: 2000
      report: [html, json, tex]
      keep: {runs: 3, days: 9}
      notify: mail
      schedule: "30 2 * * 1-5"
      timeout: 2h
      on_incomplete: accept
      batch: 4096
      threads: 2
      """)
    #expect(recipe.cells.map(\.key) == ["m1--d1", "m1--d2", "m2--d2"])
    #expect(recipe.datasets[0].version == "v2" && recipe.datasets[0].by == ["topic"])
    #expect(recipe.datasets[0].option("seed")?.int == 7 && recipe.datasets[0].metrics.count == 2)
    #expect(recipe.models[1].dtype == "bf16" && recipe.baseline == .none)
    #expect(recipe.gates[0].minimumEffect == 0.01 && recipe.gates[1].failsWhenUnsure)
    #expect(recipe.gateSettings.alpha == 0.01 && recipe.gateSettings.seed == 7)
    #expect(recipe.reports == [.html, .tex] && recipe.keep == KeepRule(runs: 3, days: 9))
    #expect(recipe.timeout == 7200 && recipe.acceptsIncomplete && recipe.batchTokens == 4096)
    #expect(recipe.schedule?.calendar == ["Mon,Tue,Wed,Thu,Fri *-*-* 02:30:00"])
  }

  @Test func whatIsWrongIsNamed() {
    for (text, words) in [
      (Self.small + "gats: []\n", "did you mean 'gates'"),
      (Self.small + "gates: [{metric: accuracy, min_efect: 1}]\n", "did you mean 'min_effect'"),
      (Self.small + "gates: [{metric: a, dataset: dd}]\n", "unknown data set 'dd'"),
      (Self.small + "gates: [{dataset: d}]\n", "lacks the key 'metric'"),
      (Self.small + "gates: [{metric: a, test: mcnemr}]\n", "did you mean 'mcnemar'"),
      (Self.small + "metrics: [acuracy]\n", "did you mean 'accuracy'"),
      (Self.small + "metrics: [{metric: bleu, tokeniser: zh}]\n", "did you mean 'tokenize'"),
      (Self.small + "schedule: '61 * * * *'\n", "no minute of a schedule"),
      (Self.small + "schedule: 'daily'\n", "has not five fields"),
      (Self.small + "timeout: soon\n", "no duration"),
      (Self.small + "correction: bonferoni\n", "unknown correction"),
      (Self.small + "report: [pdf]\n", "unknown report 'pdf'"),
      (Self.small + "alpha: 0.7\n", "between 0 and 0.5"),
      (Self.small + "threads: none\n", "not a whole number"),
      ("name: a/b\nmodels: [m]\ndatasets: [d]\n", "cannot be a folder's"),
      ("name: r\nmodels: [m]\ndatasets: [{dataset: d, models: [n]}]\n", "unknown model 'n'"),
      ("name: r\nmodels: [a/m, b/m]\ndatasets: [d]\n", "two models are called 'm'"),
      ("name: r\ndatasets: [d]\n", "names no 'models'"),
      ("name: r\nmodels: [m]\ndatasets: [{dataset: d, limt: 3}]\n", "did you mean 'limit'"),
      ("name: r\nmodels: [m]\ndatasets: [{dataset: d, limit: 0}]\n", "must be from 1"),
    ] {
      let message = message(text)
      #expect(message.contains(words), "\(words): \(message)")
    }
    #expect(message(Self.small + "\ngats: []\n").contains("line 5"))
  }

  @Test func hashesAreOfWhatDecides() throws {
    let plain = try recipe(Self.small)
    #expect(try recipe(Self.small + "schedule: '0 2 * * *'\nthreads: 3\n").hash == plain.hash)
    #expect(try recipe(Self.small + "alpha: 0.01\n").hash != plain.hash)
    #expect(try recipe(Self.small + "seed: 1\n").hash != plain.hash)
  }

  @Test func gatesOnUnknownMetricsAreErrors() throws {
    let folder = try ScratchFolder()
    let recipe = try Recipe(
      path: folder.put("r.yaml", Self.small + "gates: [{metric: acuracy}]\n"))
    var message = ""
    do {
      _ = try NightRunner(recipe, NightTests.options(folder, 1), executor: MadeUpExecutor())
        .execute()
    } catch { message = "\(error)" }
    #expect(message.contains("did you mean 'accuracy'") && message.contains("line 4"))
    #expect(!FilePath.exists(folder.path + "/reports"))
  }

  @Test func schedules() throws {
    #expect(try CronSchedule("0 2 * * *").calendar == ["*-*-* 02:00:00"])
    #expect(try CronSchedule("@daily").text == "0 0 * * *")
    #expect(try CronSchedule("*/30 1,3 1-3 * *").calendar == ["*-*-01,02,03 01,03:00,30:00"])
    // Cron takes either day.
    #expect(
      try CronSchedule("0 2 1 * 0").calendar == ["*-*-01 02:00:00", "Sun *-*-* 02:00:00"])
    for text in [
      "* * * *", "a * * * *", "0 24 * * *", "5-1 * * * *", "*/0 * * * *", "1/2/3 * * * *",
    ] {
      #expect(throws: DSXError.self) { try CronSchedule(text) }
    }
    let recipe = try recipe(Self.small + "schedule: '0 2 * * *'\ntimeout: 90m\n")
    let lines = ScheduleText.render(
      recipe, try #require(recipe.schedule), program: "/usr/bin/dsx",
      folder: "'/data 100%'", directory: "/data 100%", command: "recipe run r")
    for part in [
      "0 2 * * * cd '/data 100\\%' && mkdir -p reports && /usr/bin/dsx recipe run r "
        + ">> reports/r.log 2>&1", "WorkingDirectory=/data 100%%\n",
      "OnCalendar=*-*-* 02:00:00", "#SCRON --time=90", "ExecStart=/usr/bin/dsx recipe run r",
      "sbatch --job-name=dsx-r",
    ] { #expect(lines.contains(part), "\(part)") }
    // Words that are quoted already, as one word of sbatch; systemd's own marks doubled.
    let quoted = ScheduleText.render(
      recipe, try #require(recipe.schedule), program: "'/opt/d s/dsx'", folder: "/data",
      directory: "/data", command: "recipe run 'a b $5'")
    #expect(
      quoted.contains(
        #"--wrap=''\''/opt/d s/dsx'\'' recipe run '\''a b $5'\'' --workers $(nproc)'"#))
    #expect(quoted.contains("ExecStart='/opt/d s/dsx' recipe run 'a b $$5'"))
  }
}
