import DSXCore
import Foundation

/// One end-to-end case: command lines with what they must print and their exit code.
///
/// The file format, line by line:
/// ```
/// # a comment
/// $ dsx prepare --input 'none*.txt'    run by /bin/sh in a fresh folder; dsx is on PATH, $PROJECT is the checkout
/// ? 4                                  its exit code (0 when there is no such line)
/// > text                               the next line of stdout, exactly
/// >~ text                              stdout contains this
/// 2~ text                              stderr contains this
/// !~ text                              neither stdout nor stderr contains this
/// ```
struct CaseFile {
  struct Step {
    var line: Int
    var command: String
    var exitCode: Int32 = 0
    var stdout: [String] = []
    var stdoutContains: [String] = []
    var stderrContains: [String] = []
    var absent: [String] = []
  }
  let name: String
  var steps: [Step] = []

  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  init(path: String) throws {
    name = FilePath.split(path).name
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      let mark = line.prefix { $0 != " " }
      let rest = String(line.dropFirst(mark.count + 1))
      if mark == "$" {
        steps.append(Step(line: index + 1, command: rest))
        continue
      }
      guard let last = steps.indices.last else {
        throw Malformed(description: "\(name):\(index + 1): an expectation before any command")
      }
      switch mark {
      case "?": steps[last].exitCode = Int32(rest) ?? -1
      case ">": steps[last].stdout.append(rest)
      case ">~": steps[last].stdoutContains.append(rest)
      case "2~": steps[last].stderrContains.append(rest)
      case "!~": steps[last].absent.append(rest)
      default: throw Malformed(description: "\(name):\(index + 1): cannot read '\(line)'")
      }
    }
  }
}
