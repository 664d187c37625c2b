internal import DSXCore
internal import Datasets
internal import Metrics

/// The labels of a classification task with the words that stand for them in the prompt.
struct LabelTable {
  let set: LabelSet
  let words: [String]

  /// Reads the labels of a data set, in the order of their file.
  init(_ source: LabelSource, _ dataset: MsDataset) throws(DSXError) {
    guard let path = dataset.attachments[source.attachment] else {
      let named = dataset.argument(source.attachment)?.string
      throw DSXError(
        .missingFile, "the data set '\(dataset.name)' has no file with its labels",
        file: named.map { FilePath.join(dataset.folder, $0) } ?? dataset.folder,
        hint: "the descriptor's args name it as '\(source.attachment)': JSON lines, one a label")
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
    do { set = try LabelSet(ids) } catch { throw error.inFile(path) }
    self.words = words
  }

  /// Why a row's gold label cannot be used, or nil: such a row is a failed example, because one bad
  /// row of a large data set is no reason to lose the others' answers.
  func problem(with gold: String) -> String? {
    do throws(DSXError) {
      _ = try set.index(of: gold)
      return nil
    } catch { return error.message + (error.hint.map { " (\($0))" } ?? "") }
  }
}
