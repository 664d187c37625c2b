internal import DSXCore
internal import Images

extension ImagePreprocessor {
  /// What `preprocessor` in `configuration.json` says: `size`, `shorter_side`, `crop_size`, `resample`,
  /// `rescale` (a number, or a fraction as text), `mean`, `std`; grey where the type says `gray` or
  /// `grey`. `val` wins over the rest.
  static func modelScope(_ description: ModelDescription, _ file: String) throws(DSXError) -> Plan {
    if let list = description.preprocessor["val"]?.array
      ?? description.preprocessor["val"]?[
        "pipeline"]?.array
    {
      let names = list.compactMap { $0["type"]?.string }.joined(separator: ", ")
      throw DSXError(
        .unsupported, "'preprocessor.val' is a list of mmcv's steps (\(names))", file: file,
        hint: "mmcv resizes with OpenCV, whose pixels dsx does not make; describe the same with "
          + "'size', 'crop_size', 'mean' and 'std'")
    }
    var members: [JSONValue.Member] = []
    for name in [
      "type", "size", "shorter_side", "crop_size", "resample", "rescale", "mean", "std",
    ] {
      if let value = description.preprocessorField(name) { members.append(.init(name, value)) }
    }
    let fields = PreprocessorFields(value: .object(members), file: file, prefix: "preprocessor.")
    let type = fields.value["type"]?.string ?? ""
    var plan = Plan()
    plan.isGrey = type.contains("gray") || type.contains("grey")
    plan.filter = try fields.filter("resample") ?? .bilinear
    switch try fields.size("size", isShorter: false) {
    case .shorter(let side): plan.shorter = side
    case .exact(let side): plan.square = side
    case nil: break
    }
    if let shorter = try fields.size("shorter_side", isShorter: true) {
      guard case .shorter(let side) = shorter, plan.square == nil else {
        throw fields.wrong("shorter_side", "one number, without 'size'")
      }
      plan.shorter = side
    }
    if case .exact(let side) = try fields.size("crop_size", isShorter: false) { plan.crop = side }
    plan.scale = try fields.number("rescale") ?? 1.0 / 255
    plan.mean = try fields.numbers("mean") ?? [0]
    plan.deviation = try fields.numbers("std") ?? [1]
    return plan
  }
}
