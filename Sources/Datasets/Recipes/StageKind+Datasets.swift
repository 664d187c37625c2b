internal import DSXCore
internal import Images
internal import Pipelines
internal import Records

extension StageKind {
  /// The stages of recipes over data sets: those of the room Pipelines, conditions, and images.
  static var forDatasets: Registry<StageKind> {
    var registry = builtins
    for kind in [filter, image] { try? registry.register(kind.name, kind) }
    return registry
  }

  /// What an image that cannot be decoded does.
  private enum OnBad: String, CaseIterable { case error, skip }

  private static let filter = StageKind(
    "filter", ["where", "reason"],
    summary: "the rows that fulfil a condition, in the language of `records query --where`"
  ) { (pipeline, arguments) throws(DSXError) in
    let text = try arguments.requiredText("where")
    let condition: RowCondition
    do throws(DSXError) {
      condition = try RowCondition(text, schema: pipeline.schema)
    } catch {
      // The hint about index fields is for record sets only.
      var error = error
      let known = pipeline.schema.fields.filter { $0.shape == nil && $0.type != .bytes }
      error.hint = "its columns are: " + known.map(\.name).joined(separator: ", ")
      throw error
    }
    let reason = try arguments.text("reason") ?? text
    return pipeline.filter(
      RowTest("filter", parameters: [.init("where", .string(text))], reason: reason) {
        (batch) throws(DSXError) in
        condition.mask(batch)
      })
  }

  private static let image = StageKind(
    "image", ["column", "operations", "seed", "tensor", "orientation", "on_bad", "workers"],
    summary: "encoded images decoded, resized, cropped, and made float32 arrays"
  ) { (pipeline, arguments) throws(DSXError) in
    let column = try arguments.text("column") ?? "image"
    var operations: [ImageOperation] = []
    for entry in arguments["operations"]?.array ?? [] {
      if let name = entry.string {
        operations.append(try .parse(name))
      } else if let members = entry.object, let only = members.first, members.count == 1 {
        operations.append(try .parse(only.name, only.value))
      } else {
        throw arguments.fault("operations", "an operation is a name, or a name with parameters")
      }
    }
    guard let seed = UInt64(exactly: try arguments.integer("seed") ?? 0) else {
      throw arguments.fault("seed", "the seed is negative")
    }
    let stage = ImageStage(
      column: column, transform: ImageTransform(operations, seed: seed),
      format: try .parse(arguments["tensor"] ?? .null),
      appliesOrientation: try arguments.bool("orientation") ?? true,
      skipsBad: try arguments.choice("on_bad", OnBad.self) == .skip,
      described: arguments["operations"] ?? .array([]), tensor: arguments["tensor"] ?? .null)
    return try pipeline.map(stage.batchTransform, workers: try arguments.integer("workers"))
  }
}

/// Encoded images of a column as float32 arrays of one size.
struct ImageStage: Sendable {
  let column: String
  let transform: ImageTransform
  let format: TensorFormat
  let appliesOrientation: Bool
  let skipsBad: Bool
  let described: JSONValue
  let tensor: JSONValue

  var batchTransform: BatchTransform {
    BatchTransform(
      numbered: "image",
      parameters: [
        .init("column", .string(column)), .init("operations", described),
        .init("seed", .int(Int64(clamping: transform.seed))), .init("tensor", tensor),
        .init("orientation", .bool(appliesOrientation)),
        .init("on_bad", skipsBad ? "skip" : "error"),
      ],
      schema: { (schema) throws(DSXError) in try place(schema).schema },
      make: { (schema, pass) throws(DSXError) in
        let (number, result) = try place(schema)
        var options = ImageOptions()
        options.appliesOrientation = appliesOrientation
        let decoder = ImageDecoder(options)
        let resizer = ImageResizer()
        return { (batch, rows, drops) throws(DSXError) in
          try apply(batch, rows, number, result, decoder, resizer, pass, &drops)
        }
      })
  }

  private func place(_ schema: Schema) throws(DSXError) -> (number: Int, schema: Schema) {
    guard let number = schema.index(of: column) else {
      throw DSXError.unknown("column", column, known: schema.fields.map(\.name))
    }
    guard schema.fields[number].type == .bytes else {
      throw DSXError(
        .usage,
        "the column '\(column)' is \(schema.fields[number].type.rawValue), not encoded images")
    }
    guard let (width, height) = size else {
      throw DSXError(
        .usage, "the images of the stage 'image' have no common size",
        hint: "end its operations with a resize or crop to one size, e.g. - resize: {size: 224}")
    }
    let channels = transform.operations.contains(.grey) ? 1 : 3
    var schema = schema
    schema.fields[number] = Field(
      column, .float32,
      shape: format.layout == .chw ? [channels, height, width] : [height, width, channels])
    return (number, schema)
  }

  /// Width and height behind the last operation; nil when they depend on the image.
  private var size: (Int, Int)? {
    var size: (Int, Int)?
    for operation in transform.operations {
      switch operation {
      case .resize(let width, let height, _): size = (width, height)
      case .centreCrop(let width, let height), .randomCrop(let width, let height):
        size = (width, height)
      case .resizeShorter: size = nil
      case .randomFlip, .grey: break
      }
    }
    return size
  }

  private func apply(
    _ batch: Batch, _ rows: [Int], _ number: Int, _ schema: Schema, _ decoder: ImageDecoder,
    _ resizer: ImageResizer, _ pass: Int, _ drops: inout RowDrops
  ) throws(DSXError) -> Batch {
    guard case .bytes(let bytes) = batch.columns[number].elements,
      let offsets = batch.columns[number].offsets
    else { return batch }
    var tensor: ImageBatch?
    var kept: [Int] = []
    for row in 0..<batch.rows {
      do throws(DSXError) {
        guard batch.columns[number].isValid(row) else {
          throw DSXError(.malformed, "the row has no image", hint: "filter such rows before")
        }
        let image = try transform.apply(
          decoder.decode(Array(bytes[offsets[row]..<offsets[row + 1]]), name: column),
          number: rows[row], epoch: pass, resizer: resizer)
        if tensor == nil {
          tensor = try ImageBatch(
            width: image.width, height: image.height, channels: image.channels, format: format,
            capacity: batch.rows)
        }
        try tensor?.append(image)
        kept.append(row)
      } catch {
        if skipsBad, error.code.exitCode == .badInput {
          drops.drop(row, reason: "bad image")
          continue
        }
        var error = error
        // The column's name stood for the image: the row says where it lies.
        if error.location.file == column { error.location.file = nil }
        error.location.row = batch.firstRow + row
        throw error
      }
    }
    var result = kept.count == batch.rows ? batch : batch.rows(kept)
    result.schema = schema
    let values = tensor?.values ?? []
    let size = kept.isEmpty ? 0 : values.count / kept.count
    result.columns[number] = Column(.float32(values), offsets: (0...kept.count).map { $0 * size })
    return result
  }
}
