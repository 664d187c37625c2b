public import DSXCore

/// A kind of stage that recipes know: its arguments, and how it is added to a pipeline.
public struct StageKind: Sendable {
  /// Its name.
  public let name: String
  /// What it does, one sentence.
  public let summary: String
  /// Its arguments; a short form stands for the first one.
  public let arguments: [String]
  /// Whether its arguments may be columns' names themselves: `rename: {old: new}`.
  let takesNames: Bool
  let add: @Sendable (Pipeline, StageArguments) throws(DSXError) -> Pipeline

  /// A kind. With `takesNames` an object of arguments becomes the value of the first one. `add` throws for arguments that do not fit; the pipeline's own errors get the recipe's line.
  public init(
    _ name: String, _ arguments: [String], summary: String, takesNames: Bool = false,
    add: @escaping @Sendable (Pipeline, StageArguments) throws(DSXError) -> Pipeline
  ) {
    self.name = name
    self.arguments = arguments
    self.summary = summary
    self.takesNames = takesNames
    self.add = add
  }
}

extension Pipeline {
  /// This pipeline with a described stage behind it. Throws `unknownName` for a stage or argument that is
  /// not known, with the nearest name, and the stage's errors, all with the recipe's file and line.
  public func adding(_ stage: StageDescription, kinds: Registry<StageKind> = StageKind.builtins)
    throws(DSXError) -> Pipeline
  {
    do throws(DSXError) {
      let kind = try kinds.find(stage.name)
      let written = kind.takesNames ? stage.wrapped(kind.arguments.first ?? "") : stage
      return try kind.add(self, try written.normal(kind.arguments))
    } catch {
      throw stage.located(error)
    }
  }
}

extension StageKind {
  /// The stages that need nothing but this room.
  public static var builtins: Registry<StageKind> {
    var registry = Registry<StageKind>(kind: "stage")
    for kind in all {
      // Names in the list are different: a test walks it.
      try? registry.register(kind.name, kind)
    }
    return registry
  }

  static let all: [StageKind] =
    [
      StageKind("take", ["rows"], summary: "the first rows") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.take(try arguments.required("rows"))
      },
      StageKind("skip", ["rows"], summary: "all but the first rows") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.skip(try arguments.required("rows"))
      },
      StageKind(
        "shuffle", ["seed", "epoch", "window", "batch_rows"], summary: "rows in a random order"
      ) { (pipeline, arguments) throws(DSXError) in
        guard let seed = UInt64(exactly: try arguments.integer("seed") ?? 0) else {
          throw arguments.fault("seed", "the seed is negative")
        }
        return try pipeline.shuffle(
          seed: seed, epoch: try arguments.integer("epoch") ?? 0,
          window: try arguments.integer("window"),
          batchRows: try arguments.integer("batch_rows") ?? 1024)
      },
      StageKind(
        "shard", ["rank", "of", "assign", "remainder"], summary: "the rows of one of several ranks"
      ) { (pipeline, arguments) throws(DSXError) in
        try pipeline.shard(
          rank: try arguments.required("rank"), of: try arguments.required("of"),
          assignment: try arguments.choice("assign", ShardAssignment.self) ?? .strided,
          remainder: try arguments.choice("remainder", ShardRemainder.self) ?? .keep)
      },
      StageKind("repeat", ["epochs"], summary: "all rows several times, or without end") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.repeated(try arguments.integer("epochs"))
      },
      StageKind("select", ["columns"], summary: "only these columns, in this order") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.select(try arguments.requiredTexts("columns"))
      },
      StageKind("drop", ["columns"], summary: "all but these columns") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.drop(try arguments.requiredTexts("columns"))
      },
      StageKind("batch", ["size", "drop_remainder"], summary: "batches of so many rows") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.batch(
          try arguments.required("size"),
          dropRemainder: try arguments.bool("drop_remainder") ?? false)
      },
      StageKind(
        "padded_batch", ["size", "drop_remainder"] + paddingArguments,
        summary: "batches of so many rows, arrays padded to one length"
      ) { (pipeline, arguments) throws(DSXError) in
        try pipeline.paddedBatch(
          try arguments.required("size"),
          dropRemainder: try arguments.bool("drop_remainder") ?? false,
          padding: try padding(arguments))
      },
      StageKind("pad", paddingArguments, summary: "arrays padded to one length within a batch") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.map(.pad(try padding(arguments)))
      },
      StageKind(
        "bucket_by_length", ["column", "boundaries", "sizes", "drop_remainder"],
        summary: "batches of rows of like length"
      ) { (pipeline, arguments) throws(DSXError) in
        try pipeline.bucketByLength(
          try arguments.requiredText("column"),
          boundaries: try arguments.requiredIntegers("boundaries"),
          sizes: try arguments.requiredIntegers("sizes"),
          dropRemainder: try arguments.bool("drop_remainder") ?? false)
      },
      StageKind("prefetch", ["batches"], summary: "batches made ahead on a thread of its own") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.prefetch(try arguments.integer("batches") ?? 2)
      },
      StageKind("lowercase", ["columns", "workers"], summary: "texts to lower case") {
        (pipeline, arguments) throws(DSXError) in
        try pipeline.map(
          .lowercase(try arguments.requiredTexts("columns")),
          workers: try arguments.integer("workers"))
      },
      StageKind(
        "strip", ["columns", "workers"], summary: "white space at both ends of texts taken away"
      ) { (pipeline, arguments) throws(DSXError) in
        try pipeline.map(
          .strip(try arguments.requiredTexts("columns")),
          workers: try arguments.integer("workers"))
      },
    ] + byColumn

  /// Stages whose arguments are columns' names.
  private static let byColumn: [StageKind] = [
    StageKind(
      "rename", ["columns"], summary: "columns under new names: {old: new}", takesNames: true
    ) {
      (pipeline, arguments) throws(DSXError) in
      try pipeline.rename(try pairs(arguments).map { ($0.0, $0.1) })
    },
    StageKind(
      "cast", ["columns"], summary: "columns as another type: {column: type}", takesNames: true
    ) {
      (pipeline, arguments) throws(DSXError) in
      var casts: [(name: String, type: FieldType)] = []
      for (name, word) in try pairs(arguments) {
        guard let type = FieldType(rawValue: word) else {
          throw DSXError.unknown("type", word, known: FieldType.allCases.map(\.rawValue))
        }
        casts.append((name, type))
      }
      return try pipeline.map(.cast(casts))
    },
  ]

  private static func pairs(_ arguments: StageArguments) throws(DSXError) -> [(String, String)] {
    guard let members = arguments["columns"]?.object, !members.isEmpty else {
      throw arguments.missing("columns")
    }
    var pairs: [(String, String)] = []
    for member in members {
      guard let text = member.value.string else {
        throw arguments.fault("columns", "the column '\(member.name)' stands for no text")
      }
      pairs.append((member.name, text))
    }
    return pairs
  }

  private static let paddingArguments = [
    "length", "multiple", "columns", "value", "values", "too_long", "length_column",
  ]

  private static func padding(_ arguments: StageArguments) throws(DSXError) -> Padding {
    var padding = Padding()
    if let length = arguments["length"] {
      guard arguments["multiple"] == nil else {
        throw arguments.fault("multiple", "'length' and 'multiple' cannot be given together")
      }
      if length.string != "longest" {
        padding.length = .fixed(try arguments.required("length"))
      }
    } else if let multiple = try arguments.integer("multiple") {
      padding.length = .multiple(of: multiple)
    }
    padding.columns = try arguments.texts("columns")
    padding.value = try arguments.number("value") ?? 0
    for member in arguments["values"]?.object ?? [] {
      guard let value = member.value.double else {
        throw arguments.fault("values", "the padding of '\(member.name)' is no number")
      }
      padding.values[member.name] = value
    }
    padding.tooLong = try arguments.choice("too_long", Padding.TooLong.self) ?? .refuse
    padding.lengthColumn = try arguments.text("length_column")
    return padding
  }
}
