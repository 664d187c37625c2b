internal import DSXCore
internal import Images

extension ImagePreprocessor {
  /// What `preprocessor_config.json` says; where it says nothing, what transformers' class that it names
  /// does, or the one of the architecture.
  ///
  /// Throws `unsupported` for a class or a step that dsx does not know: without it the pixels would be
  /// others.
  static func huggingFace(_ value: JSONValue, _ file: String, architecture: String)
    throws(DSXError) -> Plan
  {
    guard value.object != nil else {
      throw DSXError(.malformed, "the file must hold a JSON object", file: file)
    }
    let fields = PreprocessorFields(value: value, file: file)
    let kind = try kind(fields, architecture)
    try checkSteps(fields)
    var plan = Plan()
    plan.cropsAsTransformers = true
    plan.fits = false
    plan.filter = try fields.filter("resample") ?? kind.filter
    plan.isGrey = try fields.step("do_grayscale", false)
    if try fields.step("do_resize", true) {
      let isSquare = try fields.step("default_to_square", kind.isSquare)
      switch try fields.size("size", isShorter: !isSquare) ?? kind.size {
      case .shorter(let side): plan.shorter = side
      case .exact(let side): plan.square = side
      }
    }
    if try fields.step("do_center_crop", kind.crops) {
      switch try fields.size("crop_size", isShorter: false) {
      case .exact(let side): plan.crop = side
      case .shorter: throw fields.wrong("crop_size", "a height and a width")
      case nil: plan.crop = kind.crop
      }
      guard plan.crop != nil else {
        throw DSXError(
          .malformed, "'do_center_crop' is true, but 'crop_size' is missing", file: file,
          hint: "\(kind.name)ImageProcessor has no default for it")
      }
    }
    plan.scale =
      try fields.step("do_rescale", true)
      ? try fields.number("rescale_factor") ?? 1.0 / 255 : 1
    if try fields.step("do_normalize", true) {
      plan.mean = try fields.numbers("image_mean") ?? kind.mean
      plan.deviation = try fields.numbers("image_std") ?? kind.deviation
    }
    return plan
  }

  /// Throws `unsupported` for a `processor_config.json` with an image processor inside, which transformers
  /// reads instead of `preprocessor_config.json`.
  static func checkNoNestedProcessor(_ description: ModelDescription) throws(DSXError) {
    let path = description.file("processor_config.json")
    guard FilePath.exists(path),
      try JSONParser.parse(file: path)["image_processor"]?.object != nil
    else { return }
    throw DSXError(
      .unsupported, "the file holds an 'image_processor', which dsx does not read there",
      file: path,
      hint: "write its members to preprocessor_config.json and take it out of here")
  }

  /// The class that the file names, or that of the architecture.
  private static func kind(_ fields: PreprocessorFields, _ architecture: String)
    throws(DSXError) -> ImageProcessorKind
  {
    for name in ["image_processor_type", "feature_extractor_type"] {
      guard let part = fields.value[name], !part.isNull else { continue }
      guard let text = part.string else { throw fields.wrong(name, "the name of a class") }
      if let kind = ImageProcessorKind.named(text) { return kind }
      let known = ImageProcessorKind.table.map { $0.name + "ImageProcessor" }
      throw DSXError(
        .unsupported, "'\(name)' is '\(text)', whose steps dsx does not know", file: fields.file,
        hint: "known: \(known.joined(separator: ", ")); where one of them makes the same pixels, "
          + "name it and write all members out")
    }
    if let map = fields.value["auto_map"],
      (map["AutoImageProcessor"] ?? map["AutoFeatureExtractor"]) != nil
    {
      throw DSXError(
        .unsupported, "the images are made by code that comes with the model ('auto_map')",
        file: fields.file, hint: "dsx runs no code of models; name an 'image_processor_type'")
    }
    return .of(architecture: architecture)
  }

  /// Throws `unsupported` for a step that dsx does not take.
  private static func checkSteps(_ fields: PreprocessorFields) throws(DSXError) {
    let known: Set = [
      "do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_grayscale",
      // Images are RGB at this point, and there are no maps of segments.
      "do_convert_rgb", "do_reduce_labels",
    ]
    for member in fields.value.object ?? [] where !known.contains(member.name) {
      let isStep =
        member.name.utf8.starts(with: "do_".utf8)
        || ["rescale_offset", "use_square_size", "crop_pct"].contains(member.name)
      guard isStep, !member.value.isNull, member.value != .bool(false) else { continue }
      throw DSXError(
        .unsupported, "'\(member.name)' is \(member.value.text()), a step that dsx does not take",
        file: fields.file,
        hint:
          "dsx resizes, cuts out the middle, rescales and normalises; with this step the pixels "
          + "would be others")
    }
  }
}
