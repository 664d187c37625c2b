public import DSXCore

/// Gives a record set another name: in the file system, in every header and in every index.
///
/// A set that is only moved with `mv` cannot be read by MindSpore any more, because its names are stored
/// inside. The files are copied beside the new place (sharing their blocks where the file system can),
/// changed, checked, flushed and moved into place; only then the old ones are removed.
public struct RecordRename {
  /// Renames the set that the file `old` belongs to; `new` is the path of the one file, or what the
  /// numbers of several files are put behind. Returns the new paths of the data files.
  ///
  /// `old` may also be the common beginning of the files of a numbered set. One file that was moved with
  /// `mv` is put right as well. Throws `outputExists` when a file of the new name is there, `usage` for a
  /// name that MindSpore refuses, `corrupt` for a damaged set, `io`.
  public static func run(from old: String, to new: String) throws(DSXError) -> [String] {
    guard let first = RecordReader.firstFile(old) else {
      throw DSXError(.missingFile, "there is no such record file", file: old)
    }
    let reader = try RecordReader(path: first)
    let (parent, name) = FilePath.split(new)
    try RecordWriterOptions.check(name: name)
    var options = RecordWriterOptions()
    options.shards = reader.files.count
    let names = options.fileNames(name)
    guard FilePath.isFolder(parent) else {
      throw DSXError(.io, "the folder of the new name does not exist", file: parent)
    }
    for file in names.flatMap({ [$0, $0 + ".db"] })
    where FilePath.exists(FilePath.join(parent, file)) {
      throw DSXError(
        .outputExists, "a file of the new name exists already", file: FilePath.join(parent, file),
        hint: "choose another name, or remove it first")
    }
    let folder = try AtomicFolder(target: new)
    do throws(DSXError) {
      try copy(reader.files, to: folder, names)
      try folder.publish(names.map { $0 + ".db" } + names.reversed())
    } catch {
      folder.discard()
      throw error
    }
    // The first file goes first: what is left of the old set cannot be opened by mistake.
    for file in reader.files {
      try FilePath.removeTree(file.path)
      try FilePath.removeTree(file.path + ".db")
    }
    try FilePath.flush(FilePath.split(reader.files[0].path).folder)
    return names.map { FilePath.join(parent, $0) }
  }

  /// Copies the files of a set into `folder` under the names `names`, which their headers and indexes
  /// then hold.
  static func copy(_ files: [RecordFile], to folder: AtomicFolder, _ names: [String])
    throws(DSXError)
  {
    for (file, name) in zip(files, names) {
      let path = folder.path(name)
      let copy = try OutputFile(path: path, copyOf: file.path)
      let text = ByteStore(copying: try header(file, names))
      try copy.clear(0..<file.header.headerSize)
      try copy.write(text.bytes, at: 0)
      if file.header.pages.isEmpty { try copy.truncate(to: text.count) }
      try copy.close()
      try index(of: file, named: name, to: path + ".db")
    }
  }

  /// The header's length and text with the new names; members that dsx does not know stay.
  private static func header(_ file: RecordFile, _ names: [String]) throws(DSXError) -> [UInt8] {
    var header = file.header
    let size = Int(UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self)))
    let old = UnsafeRawBufferPointer(rebasing: file.bytes[..<(8 + size)])
    var same = ByteStore()
    header.write(into: &same)
    var text = ByteStore()
    if same.bytes.elementsEqual(old) {
      header.addresses = names
      header.write(into: &text)
    } else {
      let json = try JSONParser.parse(UnsafeRawBufferPointer(rebasing: old[8...]), base: 8)
      let members = (json.object ?? []).map { member in
        member.name == "shard_addresses"
          ? JSONValue.Member(member.name, .array(names.map { .string($0) })) : member
      }
      let changed = JSONValue.object(members).text()
      text.append(raw: UInt64(changed.utf8.count).littleEndian)
      text.append(text: changed)
    }
    guard text.count <= header.headerSize else {
      throw DSXError(
        .unsupported,
        "the header of \(header.headerSize) bytes has no room for the longer names",
        file: file.path, hint: "choose a shorter name")
    }
    return Array(text.bytes)
  }

  /// The index of the copy: the old one with the new name, or a new one where there is none.
  private static func index(of file: RecordFile, named name: String, to path: String)
    throws(DSXError)
  {
    guard FilePath.exists(file.path + ".db") else {
      try IndexFile.writeChecked(file, name: name, to: path)
      return
    }
    try OutputFile(path: path, copyOf: file.path + ".db").close()
    let database = try Database(path: path, .create)
    try database.run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
    let statement = try database.prepare("UPDATE SHARD_NAME SET NAME = ?")
    try IndexFile.bound([name], statement)
    statement.end()
    try database.close()
  }
}

extension IndexFile {
  /// Writes the index of a file that was not written just now: its pages are checked first.
  static func writeChecked(_ file: RecordFile, name: String, to path: String) throws(DSXError) {
    for number in file.groups.indices where file.groups[number].rows > 0 {
      _ = try file.table(number)
      file.release(number)
    }
    do throws(DSXError) { try write(file, name: name, to: path) } catch {
      throw error.inFile(file.path)
    }
  }
}
