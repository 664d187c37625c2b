internal import DSXCore
internal import Images
internal import Models

/// Labels from a classifier: of a text, a pair of texts, an image or a row of numbers.
struct ClassifyResponder: Responder {
  /// The model, by what it reads.
  enum Model {
    case text(any TextClassifier, LongInput)
    case image(any ImageClassifier)
    case table(any TableClassifier)
  }

  private let model: Model
  private let task: TaskDefinition
  private let labels: LabelTable
  /// For each of the model's labels its place among the task's.
  private let places: [Int]
  private let gold: String
  private let compute: ComputeOptions
  private let decoder = ImageDecoder()
  private var images: ImageColumn?

  let columns: [String]

  init(_ setup: ResponderSetup, _ model: Model) throws(DSXError) {
    task = setup.task
    self.model = model
    compute = setup.compute
    guard let gold = task.gold, let labels = setup.labels else {
      throw DSXError(.internal, "a classification task without gold or labels")
    }
    self.gold = gold
    self.labels = labels
    switch model {
    case .text(let classifier, _):
      try Self.check(classifier.scores)
      places = try labels.places(of: classifier.labels)
      columns = [task.text, gold] + [task.pair].compactMap { $0 } + setup.sideColumns
    case .image(let classifier):
      try Self.check(classifier.scores)
      places = try labels.places(of: classifier.labels)
      let images = try ImageColumn(setup.target.dataset)
      self.images = images
      columns = [images.name, gold] + setup.sideColumns
    case .table(let classifier):
      places = try labels.places(of: classifier.labels)
      columns =
        (task.features.isEmpty ? classifier.features : task.features) + [gold] + setup.sideColumns
      guard task.features.isEmpty || task.features.count == classifier.features.count else {
        throw DSXError(
          .usage,
          "the task names \(task.features.count) columns, the model reads "
            + "\(classifier.features.count)")
      }
    }
  }

  /// An answer is the one label that is right.
  private static func check(_ scores: LabelScores) throws(DSXError) {
    guard scores != .softmax else { return }
    throw DSXError(
      .unsupported,
      scores == .raw
        ? "the model gives numbers, not labels ('problem_type' regression)"
        : "the model's labels do not exclude each other, so none is the answer",
      hint: "'dsx predict' writes its scores, and 'dsx score' compares such columns")
  }

  /// One example on its way: what is asked, or why it is not.
  private struct Asked {
    var text: TextInput?
    var image: Image?
    var numbers: [Double] = []
    var hash: String?
    /// The name of the image.
    var shown = ""
    var answer: Answer?
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    var asked = examples.map(ask)
    let open = asked.indices.filter { asked[$0].answer == nil }
    var logits: [Int: [Double]] = [:]
    do throws(DSXError) {
      for (place, values) in zip(open, try compute(open.map { asked[$0] })) {
        logits[place] = values
      }
    } catch {
      // One bad example must not lose the others: each is asked alone, and says its own error.
      guard open.count > 1, error.code.exitCode != .io else {
        for place in open { asked[place].answer = .failed(error.message, hash: asked[place].hash) }
        return examples.indices.map { judge(examples[$0], asked[$0], logits[$0]) }
      }
      for place in open {
        do throws(DSXError) { logits[place] = try compute([asked[place]]).first } catch {
          asked[place].answer = .failed(error.message, hash: asked[place].hash)
        }
      }
    }
    return examples.indices.map { judge(examples[$0], asked[$0], logits[$0]) }
  }

  private func compute(_ asked: [Asked]) throws(DSXError) -> [[Double]] {
    guard !asked.isEmpty else { return [] }
    let rows: [[Double]]
    switch model {
    case .text(let classifier, let onLong):
      rows = try classifier.classify(asked.compactMap(\.text), onLong: onLong, compute)
        .map { $0.map(Double.init) }
    case .image(let classifier):
      rows = try classifier.classify(asked.compactMap(\.image), compute)
        .map { $0.map(Double.init) }
    case .table(let classifier):
      rows = try classifier.classify(asked.map(\.numbers), compute)
    }
    guard rows.count == asked.count, rows.allSatisfy({ $0.count == places.count }) else {
      throw DSXError(.internal, "the classifier gave another number of logits than it has labels")
    }
    return rows
  }

  private func ask(_ example: Example) -> Asked {
    var asked = Asked()
    let right = example.text(gold) ?? ""
    if task.skipGold.contains(right) {
      asked.answer = Answer(status: .skipped, reason: "the right answer is '\(right)'")
      return asked
    }
    if labels.place(of: right) == nil {
      asked.answer = .failed(labels.problem(with: right))
      return asked
    }
    switch model {
    case .text:
      let text = example.text(task.text) ?? ""
      let pair = task.pair.flatMap { example.text($0) }
      asked.text = TextInput(text, pair: pair)
      asked.hash = SHA256.hex(pair.map { text + "\n" + $0 } ?? text)
    case .image:
      do throws(DSXError) {
        guard let image = try images?.image(of: example) else { break }
        (asked.hash, asked.shown) = (image.hash, image.name)
        asked.image = try image.decoded(decoder)
      } catch { asked.answer = .failed(error.message, hash: asked.hash) }
    case .table(let classifier):
      let names = task.features.isEmpty ? classifier.features : task.features
      var text = ""
      for name in names {
        guard let cell = example.text(name), let number = Double(cell), number.isFinite else {
          asked.answer = .failed("the cell '\(name)' holds no finite number")
          return asked
        }
        asked.numbers.append(number)
        text += cell + ","
      }
      asked.hash = SHA256.hex(text)
    }
    return asked
  }

  private func judge(_ example: Example, _ asked: Asked, _ logits: [Double]?) -> Answer {
    guard asked.answer == nil, let logits else {
      var answer = asked.answer ?? .failed("the model gave no answer", hash: asked.hash)
      answer.details = task.sideDetails(example)
      return answer
    }
    guard logits.allSatisfy(\.isFinite), let chosen = Self.largest(logits) else {
      return .failed("the model gave a logit that is not finite", hash: asked.hash)
    }
    // A binary model may have one logit, of the second label: none here, models give two.
    var shares = [Double](repeating: 0, count: labels.names.count)
    for (place, share) in zip(places, ChoiceShares.softmax(logits)) { shares[place] = share }
    let second = logits.indices.filter { $0 != chosen }.map { logits[$0] }.max()
    let right = labels.place(of: example.text(gold) ?? "") ?? 0
    var answer = Answer(status: .ok, inputHash: asked.hash)
    answer.prediction = .string(labels.names[places[chosen]])
    answer.gold = .string(labels.names[right])
    answer.details = [
      .init("correct", .bool(places[chosen] == right)),
      .init("margin", .double(second.map { logits[chosen] - $0 } ?? 0)),
      .init("gold_index", .int(Int64(right))),
      .init("prediction_index", .int(Int64(places[chosen]))),
      .init(
        "logits",
        .object(
          zip(places, logits).sorted { $0.0 < $1.0 }.map {
            .init(labels.names[$0.0], .double($0.1))
          })),
      .init("probabilities", .array(shares.map { .double($0) })),
    ]
    let shown: String
    switch model {
    case .text(_, _):
      shown = (asked.text?.text ?? "") + (asked.text?.pair.map { "\n" + $0 } ?? "")
    case .image: shown = asked.shown
    case .table: shown = asked.numbers.map { $0.description }.joined(separator: ", ")
    }
    answer.details.append(.init("text", .string(shown)))
    answer.details += task.sideDetails(example)
    return answer
  }

  private static func largest(_ values: [Double]) -> Int? {
    guard !values.isEmpty else { return nil }
    return values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }
}
