internal import DSXCore
internal import Models

/// Tags of words, or the words of a sentence from tags of its characters.
struct TagResponder: Responder {
  private let task: TaskDefinition
  private let model: any TokenTagger
  private let onLong: LongInput
  private let compute: ComputeOptions
  private let gold: String
  /// Whether the gold column holds words, and tags of characters are joined to words.
  private let isSegmentation: Bool

  let columns: [String]

  init(_ setup: ResponderSetup, _ model: any TokenTagger, onLong: LongInput) throws(DSXError) {
    task = setup.task
    self.model = model
    self.onLong = onLong
    compute = setup.compute
    gold = task.gold ?? ""
    isSegmentation = task.isSegmentation
    columns = [task.text, gold] + setup.sideColumns
  }

  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer] {
    let sentences = examples.map { example in
      isSegmentation
        ? (example.text(task.text) ?? "").unicodeScalars.filter { !$0.properties.isWhitespace }
          .map { String($0) }
        : example.words(task.text) ?? []
    }
    let open = examples.indices.filter { !sentences[$0].isEmpty }
    var tags: [Int: [String]] = [:]
    var problems: [Int: String] = [:]
    for part in [open] {
      do throws(DSXError) {
        let logits = try model.tag(part.map { sentences[$0] }, onLong: onLong, compute)
        for (place, rows) in zip(part, logits) { tags[place] = rows.map(best) }
      } catch {
        for place in part {
          do throws(DSXError) {
            tags[place] =
              try model.tag([sentences[place]], onLong: onLong, compute).first?.map(best)
          } catch { problems[place] = error.message }
        }
      }
    }
    return examples.indices.map { place in
      let words = sentences[place]
      let hash = SHA256.hex(words.joined(separator: "\n"))
      guard let own = tags[place], own.count == words.count else {
        return .failed(problems[place] ?? "the sentence has no words", hash: hash)
      }
      let right = examples[place].words(gold) ?? []
      var answer = Answer(status: .ok, inputHash: hash)
      let said = isSegmentation ? Self.words(words, own) : own
      if !isSegmentation, right.count != words.count {
        return .failed("\(words.count) words have \(right.count) right tags", hash: hash)
      }
      answer.prediction = .array(said.map { .string($0) })
      answer.gold = .array(right.map { .string($0) })
      answer.tokens = words.count
      answer.details = [
        .init("correct", .bool(said == right)),
        .init("text", .string(words.joined(separator: isSegmentation ? "" : " "))),
      ]
      answer.details += task.sideDetails(examples[place])
      return answer
    }
  }

  private func best(_ logits: [Float]) -> String {
    guard !logits.isEmpty else { return "O" }
    let place = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    return model.labels.indices.contains(place) ? model.labels[place] : "O"
  }

  /// Words from tags of characters: B or S begins one, as does anything behind an E or S.
  static func words(_ characters: [String], _ tags: [String]) -> [String] {
    var words: [String] = []
    var isOpen = false
    for (character, tag) in zip(characters, tags) {
      let mark = tag.utf8.first ?? UInt8(ascii: "S")
      let begins = mark == UInt8(ascii: "B") || mark == UInt8(ascii: "S") || !isOpen
      if begins { words.append(character) } else { words[words.count - 1] += character }
      isOpen = mark != UInt8(ascii: "E") && mark != UInt8(ascii: "S")
    }
    return words
  }
}

extension TaskDefinition {
  /// Whether the right answers are the words of a sentence, not tags.
  var isSegmentation: Bool { metrics.contains { $0.metric == "segmentation-f1" } }
}
