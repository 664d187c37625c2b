internal import DSXCore
internal import Models

/// The similarity of two texts, by their vectors: the cosine, unless the model's folder names another function.
struct EmbedResponder: Responder {
  private let task: TaskDefinition
  private let model: any TextEncoder
  private let onLong: LongInput
  private let compute: ComputeOptions
  private let names: (text: String, pair: String, gold: String)

  let columns: [String]

  init(_ setup: ResponderSetup, _ model: any TextEncoder, onLong: LongInput) throws(DSXError) {
    task = setup.task
    self.model = model
    self.onLong = onLong
    compute = setup.compute
    names = (task.text, task.pair ?? "", task.gold ?? "")
    columns = [names.text, names.pair, names.gold] + setup.sideColumns
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    let texts = examples.flatMap { [$0.text(names.text) ?? "", $0.text(names.pair) ?? ""] }
    var vectors: [Int: [Float]] = [:]
    var problems: [Int: String] = [:]
    do throws(DSXError) {
      let made = try model.embed(texts.map { TextInput($0) }, onLong: onLong, compute)
      for (place, vector) in made.enumerated() { vectors[place] = vector }
    } catch {
      for (place, text) in texts.enumerated() {
        do throws(DSXError) {
          vectors[place] = try model.embed([TextInput(text)], onLong: onLong, compute).first
        } catch { problems[place / 2] = error.message }
      }
    }
    return examples.enumerated().map { place, example in
      let hash = SHA256.hex(texts[2 * place] + "\n" + texts[2 * place + 1])
      guard let left = vectors[2 * place], let right = vectors[2 * place + 1],
        left.count == right.count
      else { return .failed(problems[place] ?? "the model gave no vector", hash: hash) }
      guard let gold = example.text(names.gold).flatMap({ Double($0) }), gold.isFinite else {
        return .failed("the row's '\(names.gold)' is no finite number", hash: hash)
      }
      let similarity = model.similarity.of(left, right)
      guard similarity.isFinite else { return .failed("a vector is not finite", hash: hash) }
      var answer = Answer(status: .ok, inputHash: hash)
      answer.prediction = .double(similarity)
      answer.gold = .double(gold)
      answer.details = [
        .init("text", .string(texts[2 * place] + "\n" + texts[2 * place + 1]))
      ]
      answer.details += task.sideDetails(example)
      return answer
    }
  }
}
