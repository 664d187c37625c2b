internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records shuffle FILE --output X`
struct RecordsShuffle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shuffle",
    abstract: "Write a set with its rows in a random order.",
    discussion: """
      The order is a permutation computed from --seed, --epoch and the number of rows:
      every row once, the same on every machine, without a buffer.

      Example:
        dsx records shuffle prepared.mindrecord --seed 7 \\
            --output shuffled.mindrecord --shards 4
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(help: "The seed.") var seed: UInt64 = 0
  @Option(help: "The number of the epoch.") var epoch: UInt64 = 0
  @Option(name: .shortAndLong, help: "The record set to write.") var output: String
  @OptionGroup var layout: RecordsLayout
  @OptionGroup var reading: RecordsReading

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    let order = RowOrder(0..<reader.count, seed: seed, epoch: epoch)
    let job = RecordsJob(
      "shuffle", output: output, layout: layout, sets: [reader],
      options: ["seed": .string(String(seed)), "epoch": .string(String(epoch))])
    let outcome = try job.run(schema: reader.schema, rows: reader.count) {
      (writer, progress) throws(DSXError) in
      try writer.append(
        .ordered(order, positions: 0..<order.count), of: reader, progress: progress)
    }
    layout.report([outcome])
  }
}
