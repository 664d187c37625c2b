internal import DSXCore
internal import Glibc

/// Small files that appear whole: written beside their place, flushed, renamed, the folder flushed.
///
/// For folders that are this program's own; `AtomicFolder` keeps its temporary files apart from the
/// user's.
enum SmallFile {
  static func write(_ text: String, to path: String) throws(DSXError) {
    let temporary = path + ".tmp.\(getpid())"
    do throws(DSXError) {
      try FilePath.write(Array(text.utf8), to: temporary)
      try FilePath.flush(temporary)
      guard rename(temporary, path) == 0 else {
        throw DSXError.system("cannot move the finished file into place", file: path)
      }
      try FilePath.flush(FilePath.split(path).folder)
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
