internal import DSXCore
internal import Models

/// Answers that are pieces of a context.
struct SpanResponder: Responder {
  private let task: TaskDefinition
  private let model: any SpanExtractor
  private let options: EvaluationOptions
  private let compute: ComputeOptions
  private let names: (question: String, context: String, gold: String)

  let columns: [String]

  init(_ setup: ResponderSetup, _ model: any SpanExtractor) throws(DSXError) {
    task = setup.task
    self.model = model
    options = setup.options
    compute = setup.compute
    names = (task.text, task.pair ?? "", task.gold ?? "")
    columns = [names.question, names.context, names.gold] + setup.sideColumns
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    let inputs = examples.map { example in
      TextInput(example.text(names.question) ?? "", pair: example.text(names.context) ?? "")
    }
    let search = SpanOptions(
      stride: options.stride ?? SpanOptions().stride, allowsNone: task.allowsNoAnswer)
    func ask(_ inputs: [TextInput]) throws(DSXError) -> [SpanAnswer] {
      try model.predict(inputs, search, compute).map(\.answer)
    }
    var answers: [Answer] = []
    var spans: [SpanAnswer?] = []
    var problems: [Int: String] = [:]
    do throws(DSXError) { spans = try ask(inputs) } catch {
      spans = []
      for (place, input) in inputs.enumerated() {
        do throws(DSXError) { spans.append(try ask([input]).first) } catch {
          spans.append(nil)
          problems[place] = error.message
        }
      }
    }
    for (place, example) in examples.enumerated() {
      let input = inputs[place]
      let hash = SHA256.hex(input.text + "\n" + (input.pair ?? ""))
      guard place < spans.count, let span = spans[place] else {
        answers.append(.failed(problems[place] ?? "the model gave no answer", hash: hash))
        continue
      }
      var text = span.text
      for filter in task.filters { text = filter.apply(text) }
      let right = example.answers(names.gold)
      var answer = Answer(status: .ok, inputHash: hash)
      answer.prediction = .string(text)
      answer.gold = .array(right.map { .string($0) })
      answer.details = [
        .init("score", .double(span.score)), .init("no_answer_score", .double(span.nullScore)),
        .init("bytes", [.int(Int64(span.bytes.lowerBound)), .int(Int64(span.bytes.upperBound))]),
        .init("text", .string(input.text)),
      ]
      answer.details += task.sideDetails(example)
      answers.append(answer)
    }
    return answers
  }
}
