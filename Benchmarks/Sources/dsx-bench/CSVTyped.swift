import DSXCore
import Datasets
import Glibc

/// `csv-typed --input FILE [--threads N] [--mode load|stream] [--clock cpu|wall]`: every row of a CSV file as typed
/// columns, types inferred over the whole file.
///
/// `load` keeps the whole table, as data frames do; `stream` infers in a first pass and lets each batch go.
/// The sums are made after the clock has stopped (`load`), or within it (`stream`). One JSON line: rows, the sum
/// of each column of integers or numbers, the bytes of each column of text.
enum CSVTyped {
  static func run(_ arguments: Arguments) throws {
    let path = try arguments.text("input")
    var options = TableOptions()
    options.threads = try arguments.number("threads", 1)
    let clock = (try? arguments.text("clock")) == "wall" ? seconds : cpuSeconds
    let isStream = (try? arguments.text("mode")) == "stream"
    let start = clock()
    var time = 0.0
    var sums = ColumnSums()
    if isStream {
      let reader = try TableReader(path: path, options: options)
      var cursor = try reader.cursor()
      while let batch = try cursor.next() { sums.add(batch) }
      time = clock() - start
    } else {
      let table = try TableReader.load(path: path, options: options)
      time = clock() - start
      for batch in table.batches { sums.add(batch) }
    }
    print(sums.json(seconds: time).text(.spaced))
  }

  /// CPU time of the process.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// What the benchmark's programs must agree on.
struct ColumnSums {
  private var rows = 0
  private var integers: [String: Int64] = [:]
  private var numbers: [String: Double] = [:]

  mutating func add(_ batch: Batch) {
    rows += batch.rows
    for (field, column) in zip(batch.schema.fields, batch.columns) {
      switch column.elements {
      case .int64(let values): integers[field.name, default: 0] += values.reduce(0, &+)
      case .float64(let values): numbers[field.name, default: 0] += values.reduce(0, +)
      default: integers[field.name, default: 0] += Int64(column.elements.count)
      }
    }
  }

  func json(seconds: Double) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("rows", .int(Int64(rows))), .init("seconds", .double(seconds)),
    ]
    for name in integers.keys.sorted() { members.append(.init(name, .int(integers[name] ?? 0))) }
    for name in numbers.keys.sorted() { members.append(.init(name, .double(numbers[name] ?? 0))) }
    return .object(members)
  }
}
