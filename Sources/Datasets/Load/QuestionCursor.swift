internal import DSXCore

/// The questions of a file in the layout of SQuAD and CMRC 2018: one JSON object of articles, paragraphs
/// and questions. One row a question, as Hugging Face's `cmrc2018` gives them.
///
/// Columns: `id`, `title` (empty where articles have none), `context`, `question`, and `answers`, the JSON
/// `{"text": [...], "answer_start": [...]}`. The whole file is held in memory. Chosen by the descriptor's
/// argument `"format": "cmrc2018"` (or `"squad"`).
struct QuestionCursor: TableCursor {
  static let formats = ["cmrc2018", "squad"]

  let schema: Schema
  private let rows: [[String]]
  private let columns: [Int]
  private let batchRows: Int
  private var position = 0
  /// Questions that are left out, each with the number of good ones before it.
  private let faults: [(place: Int, error: DSXError)]
  private var passed = 0
  private(set) var badRows = BadRows()
  var consumed: Int { 0 }

  private static let fields = [
    Field("id", .string), Field("title", .string), Field("context", .string),
    Field("question", .string), Field("answers", .string, feature: .json),
  ]

  init(_ files: [DataFile], options: TableOptions) throws(DSXError) {
    let names = options.columns ?? Self.fields.map(\.name)
    var columns: [Int] = []
    for name in names {
      guard let place = Self.fields.firstIndex(where: { $0.name == name }) else {
        throw DSXError.missingColumn(
          name, known: Self.fields.map(\.name), file: files.first?.location ?? "", line: nil,
          wasAsked: true)
      }
      columns.append(place)
    }
    self.columns = columns
    schema = Schema(columns.map { Self.fields[$0] })
    batchRows = max(1, options.batchRows)
    var rows: [[String]] = []
    var faults: [(place: Int, error: DSXError)] = []
    let reader = ArchiveReader()
    for file in files {
      do throws(DSXError) {
        try Self.read(
          try JSONParser.parse(try reader.bytes(of: file)), file.location, options.onBadRow,
          &rows, &faults)
      } catch { throw error.inFile(file.location) }
    }
    self.rows = rows
    self.faults = faults
  }

  private static func read(
    _ json: JSONValue, _ file: String, _ policy: BadRowPolicy, _ rows: inout [[String]],
    _ faults: inout [(place: Int, error: DSXError)]
  ) throws(DSXError) {
    guard let articles = json["data"]?.array else {
      throw DSXError(
        .malformed, "the file has no list 'data' of articles",
        hint: "CMRC 2018 and SQuAD files are {\"version\", \"data\": [...]}")
    }
    for article in articles {
      let title = article["title"]?.string ?? ""
      for paragraph in article["paragraphs"]?.array ?? [] {
        for question in paragraph["qas"]?.array ?? [] {
          guard let context = paragraph["context"]?.string,
            let id = question["id"]?.string ?? question["id"]?.int.map(String.init),
            let text = question["question"]?.string
          else {
            let error = DSXError(
              .malformed, "a question lacks id, question or its paragraph's context", file: file,
              row: rows.count)
            guard policy == .skip else { throw error }
            faults.append((rows.count, error))
            continue
          }
          let answers = question["answers"]?.array ?? []
          let joined: JSONValue = [
            "text": .array(answers.map { $0["text"] ?? .null }),
            "answer_start": .array(answers.map { $0["answer_start"] ?? .null }),
          ]
          rows.append([id, title, context, text, joined.text(.spaced)])
        }
      }
    }
  }

  mutating func next() throws(DSXError) -> Batch? {
    let end = min(rows.count, position + batchRows)
    // A bad question counts with the rows before which it stands, those at the end with the last rows.
    while passed < faults.count, faults[passed].place < end || end == rows.count {
      badRows.add(faults[passed].error)
      passed += 1
    }
    guard position < end else { return nil }
    defer { position = end }
    let part = rows[position..<end]
    return Batch(
      schema: schema, columns: columns.map { place in Column(strings: part.map { $0[place] }) },
      firstRow: position)
  }

  var state: CursorState { CursorState(row: position) }

  mutating func restore(_ state: CursorState) throws(DSXError) {
    guard (0...rows.count).contains(state.row) else {
      throw DSXError(.usage, "the saved row \(state.row) is not in this file")
    }
    position = state.row
    passed = faults.firstIndex { $0.place >= position } ?? faults.count
  }
}
