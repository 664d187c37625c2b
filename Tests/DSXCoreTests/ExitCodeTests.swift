import DSXCore
import Foundation
import Testing

@Suite struct ExitCodeTests {
  @Test func valuesAreDistinct() {
    #expect(Set(ExitCode.allCases.map(\.rawValue)).count == ExitCode.allCases.count)
  }

  @Test(arguments: ExitCode.allCases) func theDocumentationHoldsTheRow(code: ExitCode) throws {
    let package = FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder
    let page = try String(contentsOfFile: package + "/docs/exit-codes.md", encoding: .utf8)
    #expect(page.contains("| \(code.rawValue) | \(code.meaning) |"))
  }
}
