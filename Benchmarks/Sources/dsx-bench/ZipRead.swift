import Archives
import DSXCore

/// `zip --input FILE [--clock wall|cpu]`. Reads every member of the zip archive `--input`, CRC checked, in the archive's order. Members of up to
/// 64 MB come as a whole, larger ones as a stream.
enum ZipRead {
  static func run(_ arguments: Arguments) throws {
    let path = try arguments.text("input")
    let clock = (try? arguments.text("clock")) == "cpu" ? processSeconds : seconds
    let start = clock()
    let archive = try ZipArchive(try FileSource(path: path))
    let reader = ZipMemberReader(archive)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var (bytes, sum) = (0, 0)
    for member in archive.membersByPlace {
      if member.size <= ZipMemberReader.quickLimit {
        let found = try reader.withBytes(of: member) { content in
          (content.count, Int(content.first ?? 0) + Int(content.last ?? 0))
        }
        bytes += found.0
        sum += found.1
        continue
      }
      let source = try archive.open(member)
      while true {
        var got: Result<Int, DSXError> = .success(0)
        buffer.withUnsafeMutableBytes { target in
          do throws(DSXError) {
            got = .success(try source.read(into: target))
          } catch { got = .failure(error) }
        }
        let count = try got.get()
        guard count > 0 else { break }
        bytes += count
      }
    }
    let time = clock() - start
    print(
      "{\"members\":\(archive.members.count),\"bytes\":\(bytes),\"seconds\":\(time),\"sum\":\(sum)}")
  }
}
