internal import ArgumentParser

/// `dsx records`: looking into MindRecord sets, those of MindSpore as well as ours.
struct RecordsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "records",
    abstract:
      "Look into, check, repair, query, divide, merge, shuffle, compare and write MindRecord files.",
    discussion: """
      FILE is any data file of a set; its other shards are found beside it. Reading needs no .db file.

      Example:
        dsx records info prepared.mindrecord
        dsx records head -n 3 prepared.mindrecord
        dsx records verify prepared.mindrecord
      """,
    subcommands: [
      RecordsInfo.self, RecordsHead.self, RecordsCat.self, RecordsExport.self, RecordsSample.self,
      RecordsQuery.self, RecordsSplit.self, RecordsMerge.self, RecordsShuffle.self,
      RecordsDiff.self, RecordsWrite.self, RecordsVerify.self, RecordsRepair.self,
      RecordsRename.self, RecordsAppend.self,
    ])
}

/// The layouts that the `records` commands print.
enum RecordsFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
