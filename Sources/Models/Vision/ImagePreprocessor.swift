internal import DSXCore
internal import Images

/// From a decoded image to the values that a network takes: grey scale, resize, crop, rescale,
/// normalise; as `preprocessor_config.json` (Hugging Face) or `configuration.json` (ModelScope) says.
struct ImagePreprocessor: Sendable {
  /// The steps from image to image, in order.
  private(set) var operations: [ImageOperation]
  /// Whether the middle is cut out behind them as transformers does it.
  private let takesMiddle: Bool
  /// The size that they end with.
  let size: (height: Int, width: Int)
  /// 1 for grey images, else 3.
  let channels: Int
  /// How bytes become numbers.
  let format: TensorFormat

  /// What a file says, before it is checked.
  struct Plan {
    var isGrey = false
    /// Resize to this height and width.
    var square: (height: Int, width: Int)?
    /// Resize the shorter side to this.
    var shorter: Int?
    var filter = ResampleFilter.bilinear
    var crop: (height: Int, width: Int)?
    /// The middle is transformers': rounded down, with a border around images that are too small. Else
    /// torchvision's.
    var cropsAsTransformers = false
    /// Where no step ends with a size, images are brought to the model's; else they must have it.
    var fits = true
    var scale: Float = 1.0 / 255
    var mean: [Float] = [0]
    var deviation: [Float] = [1]
  }

  /// Preprocessing for a network that takes `channels` planes of `side` x `side` values, or of the
  /// size that the files say where the model's configuration names none.
  ///
  /// Throws `malformed` or `unsupported` for files that say something else or nothing that can be
  /// done.
  init(_ description: ModelDescription, channels: Int, side: (height: Int, width: Int)?)
    throws(DSXError)
  {
    let path = description.file("preprocessor_config.json")
    let file: String
    var plan: Plan
    try Self.checkNoNestedProcessor(description)
    if FilePath.exists(path) {
      file = path
      plan = try Self.huggingFace(
        try JSONParser.parse(file: path), path, architecture: description.architecture)
    } else {
      file = description.file("configuration.json")
      plan = try Self.modelScope(description, file)
    }
    // A network with one input plane takes grey images, whether the files say so or not.
    plan.isGrey = plan.isGrey || channels == 1
    try self.init(plan, channels: channels, side: side, file: file)
  }

  init(_ plan: Plan, channels: Int, side: (height: Int, width: Int)?, file: String)
    throws(DSXError)
  {
    guard channels == (plan.isGrey ? 1 : 3) else {
      throw DSXError(
        .unsupported,
        "the model takes \(channels) planes, but the images have \(plan.isGrey ? 1 : 3)",
        file: file, hint: "dsx reads images as one grey plane or three colours")
    }
    self.channels = channels
    var operations: [ImageOperation] = plan.isGrey ? [.grey] : []
    if let shorter = plan.shorter { operations.append(.resizeShorter(size: shorter, plan.filter)) }
    if let square = plan.square {
      operations.append(.resize(width: square.width, height: square.height, plan.filter))
    }
    takesMiddle = plan.crop != nil && plan.cropsAsTransformers
    if let crop = plan.crop, !takesMiddle {
      operations.append(.centreCrop(width: crop.width, height: crop.height))
    }
    guard let size = plan.crop ?? plan.square ?? side else {
      throw DSXError(
        .malformed, "neither the preprocessor nor the model says how large its images are",
        file: file, hint: "'size' or 'crop_size' of the preprocessor")
    }
    if let side, side != size {
      throw DSXError(
        .corrupt,
        "the preprocessor makes images of \(size.height) x \(size.width), the model takes "
          + "\(side.height) x \(side.width)", file: file, hint: "make the files agree")
    }
    // Without any size of its own ModelScope's preprocessor makes what the model takes.
    if plan.fits, plan.crop == nil, plan.square == nil {
      operations.append(
        plan.shorter == nil
          ? .resize(width: size.width, height: size.height, plan.filter)
          : .centreCrop(width: size.width, height: size.height))
    }
    self.operations = operations
    self.size = size
    format = TensorFormat(scale: plan.scale, mean: plan.mean, deviation: plan.deviation)
    do throws(DSXError) {
      // Checks the numbers of means and deviations.
      _ = try ImageBatch(width: 1, height: 1, channels: channels, format: format)
    } catch {
      throw DSXError(.malformed, error.message, file: file, hint: error.hint)
    }
  }

  /// Writes the values of an image, channel by channel.
  ///
  /// Throws `unsupported` for an image that a step cannot take, e.g. one smaller than the crop, and for
  /// one that the steps leave with another size than the model takes.
  func write(
    _ image: Image, into target: UnsafeMutablePointer<Float>, _ resizer: ImageResizer
  ) throws(DSXError) {
    let (width, height) = (image.width, image.height)
    var image = image
    // No step is random, so the generator is never asked.
    var generator = PCG64(seed: 0)
    for operation in operations {
      image = try operation.apply(image, resizer: resizer, generator: &generator)
    }
    if takesMiddle { image = image.middle(width: size.width, height: size.height) }
    guard image.width == size.width, image.height == size.height else {
      let isResized = !operations.allSatisfy { $0 == .grey }
      throw DSXError(
        .unsupported,
        "an image of \(width) x \(height) pixels "
          + (isResized ? "becomes \(image.width) x \(image.height), but " : "is not resized, but ")
          + "the model takes \(size.width) x \(size.height)",
        hint: isResized
          ? "only its shorter side is resized: 'do_center_crop' and 'crop_size' in "
            + "preprocessor_config.json crop it, a height and a width in 'size' stretch it"
          : "resize it first, or set 'do_resize' and 'size' in preprocessor_config.json")
    }
    if channels == 1, image.channels == 3 { image = image.grey() }
    var batch = try ImageBatch(
      width: size.width, height: size.height, channels: channels, format: format, capacity: 1)
    try batch.append(image)
    batch.values.withUnsafeBufferPointer { values in
      if let base = values.baseAddress { target.update(from: base, count: values.count) }
    }
  }
}
