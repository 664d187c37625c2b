internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc
internal import Reports

/// `dsx recipe plan`.
struct RecipePlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a recipe would do: cells, time, and what its gates can see.",
    discussion: """
      Example:
        dsx recipe plan nightly

      Nothing is evaluated or written. The time is that of the last run; the smallest detectable \
      change is found by the gate in 4 of 5 runs.
      """)

  @Argument(help: ArgumentHelp("A recipe's file, or its name in recipes/.", valueName: "recipe"))
  var recipe: String
  @OptionGroup var night: NightArguments
  @Option(help: "How the plan is printed: text or json.") var format = PlainFormat.text

  func run() throws {
    let recipe = try RecipePlace.recipe(recipe)
    let plan = try night.runner(recipe, night.options()).plan()
    if format == .json { return Output.line(json(recipe, plan).text(.indented)) }
    Output.line("\(recipe.name): \(recipe.description)")
    Output.line("compared with: " + (plan.baseline ?? "nothing, no earlier run"))
    Output.line("")
    Output.write(Array(TableFormat.text.render(cells(plan)).utf8))
    if !plan.gates.isEmpty {
      Output.line("")
      Output.write(Array(TableFormat.text.render(gates(plan)).utf8))
    }
    Output.line("")
    Output.line(
      "time: " + (plan.seconds.map { NumberFormat.duration(seconds: $0) } ?? "not known yet"))
  }

  private func cells(_ plan: RecipePlan) -> Table {
    Table(
      columns: [
        .words("cell"), .numbers("examples"), .numbers("time"), .words("state"),
        .words("identity"),
      ],
      rows: plan.cells.map { cell in
        [
          Table.Cell(cell.key),
          Table.Cell(cell.examples.map { NumberFormat.grouped($0) } ?? NumberFormat.missing),
          Table.Cell(
            cell.seconds.map { NumberFormat.duration(seconds: $0) } ?? NumberFormat.missing),
          Table.Cell(cell.problem ?? (cell.isCached ? "taken from an earlier run" : "to do")),
          Table.Cell(
            cell.identity.map { String(decoding: $0.utf8.prefix(12), as: UTF8.self) } ?? ""),
        ]
      })
  }

  private func gates(_ plan: RecipePlan) -> Table {
    Table(
      columns: [
        .words("gate"), .words("required"), .numbers("smallest detectable change"),
        .words("from"),
      ],
      rows: plan.gates.map { gate in
        [
          Table.Cell(gate.cell + " " + gate.metric), Table.Cell(gate.isRequired ? "yes" : "no"),
          Table.Cell(ScoreNumber.text(gate.detectable, gate.unit)), Table.Cell(gate.basis),
        ]
      })
  }

  private func json(_ recipe: Recipe, _ plan: RecipePlan) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return [
      "recipe": .string(recipe.name), "baseline": text(plan.baseline),
      "cells": .array(
        plan.cells.map { cell in
          [
            "cell": .string(cell.key), "examples": cell.examples.map { .int(Int64($0)) } ?? .null,
            "seconds": number(cell.seconds), "cached": .bool(cell.isCached),
            "identity": text(cell.identity), "problem": text(cell.problem),
          ]
        }),
      "gates": .array(
        plan.gates.map { gate in
          [
            "cell": .string(gate.cell), "metric": .string(gate.metric),
            "required": .bool(gate.isRequired),
            "smallest_detectable_change": number(gate.detectable), "from": .string(gate.basis),
          ]
        }), "seconds": number(plan.seconds), "level": .double(plan.level),
    ]
  }
}
