internal import DSXCore
internal import Datasets
internal import Metrics

/// The labels of a task with the words that stand for them in prompts.
struct LabelTable: Sendable {
  /// The labels as the data has them, in order.
  let names: [String]
  /// The word of each.
  let words: [String]
  private let places: [ExactText: Int]

  init(names: [String], words: [String]? = nil) throws(DSXError) {
    self.names = names
    self.words = words ?? names
    var places: [ExactText: Int] = [:]
    for (place, name) in names.enumerated() {
      guard places.updateValue(place, forKey: ExactText(name)) == nil else {
        throw DSXError(.malformed, "the label '\(name)' comes twice")
      }
    }
    self.places = places
  }

  /// The labels that a task names, in the order of their file or of the task.
  init(_ source: LabelSource, _ dataset: MsDataset) throws(DSXError) {
    guard let attachment = source.attachment else {
      try self.init(names: source.words.map(\.name), words: source.words.map(\.word))
      return
    }
    guard let path = dataset.attachments[attachment] else {
      let named = dataset.argument(attachment)?.string
      throw DSXError(
        .missingFile, "the data set '\(dataset.name)' has no file with its labels",
        file: named.map { FilePath.join(dataset.folder, $0) } ?? dataset.folder,
        hint: "the descriptor's args name it as '\(attachment)': JSON lines, one a label")
    }
    let known = try MsDataset.cursor(path: path).schema.fields.map(\.name)
    let hasWords = known.contains(source.word)
    let spoken = hasWords ? source.word : source.name
    var cursor = try MsDataset.cursor(
      path: path, types: .declared([Field(source.id, .string), Field(spoken, .string)]))
    var ids: [String] = []
    var words: [String] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        guard let id = batch.columns[0].string(row), var word = batch.columns[1].string(row) else {
          throw DSXError(.internal, "a label's columns are no text", file: path)
        }
        if !hasWords {
          guard let translated = source.words.first(where: { $0.name == word })?.word else {
            throw DSXError(
              .malformed, "the label '\(word)' has no word for the prompt", file: path,
              hint: "add a column '\(source.word)' to the file, or the word to the task's 'words'")
          }
          word = translated
        }
        ids.append(id)
        words.append(word)
      }
    }
    guard ids.count > 1 else {
      throw DSXError(.malformed, "the file has fewer than two labels", file: path)
    }
    do { try self.init(names: ids, words: words) } catch { throw error.inFile(path) }
  }

  /// The place of a label; nil when there is no such label.
  func place(of name: String) -> Int? { places[ExactText(name)] }

  /// Why a row's gold label cannot be used: such a row is a failed example, because one bad row of a
  /// large data set is no reason to lose the others' answers.
  func problem(with gold: String) -> String {
    let shown = names.prefix(20).joined(separator: ", ")
    return "the label '\(gold)' is not among the \(names.count) labels (known: \(shown)"
      + (names.count > 20 ? ", ...)" : ")")
  }

  /// For each label of a model the place of the data's label that it stands for: by name, else by
  /// word, else `LABEL_3` by its number. Throws `usage` when the model's labels are others.
  func places(of model: [String]) throws(DSXError) -> [Int] {
    var result: [Int] = []
    for label in model {
      if let place = place(of: label) ?? words.firstIndex(of: label) {
        result.append(place)
      } else if label.hasPrefix("LABEL_"), let place = Int(label.dropFirst(6)),
        names.indices.contains(place)
      {
        result.append(place)
      } else {
        throw DSXError(
          .usage, "the model's label '\(label)' is none of the task's labels",
          hint: "the task has " + names.prefix(20).joined(separator: ", "))
      }
    }
    guard Set(result).count == result.count else {
      throw DSXError(.usage, "two labels of the model stand for the same label of the task")
    }
    return result
  }
}
