import DSXCore
import Foundation
import Reports
import Testing

@Suite struct HTMLReportTests {
  let page = HTMLReport.render(SampleReport.document)

  /// With DSX_SAMPLE_REPORT=FOLDER the sample is written there, to be looked at.
  @Test func writesTheSampleWhenAsked() throws {
    guard let folder = ProcessInfo.processInfo.environment["DSX_SAMPLE_REPORT"] else { return }
    try Data(page.utf8).write(to: URL(fileURLWithPath: folder + "/report.html"))
    let markdown = MarkdownReport.render(SampleReport.document)
    try Data(markdown.utf8).write(to: URL(fileURLWithPath: folder + "/report.md"))
  }

  @Test func loadsNothingAndRunsNothing() {
    #expect(!page.contains("http"))
    #expect(!page.contains("src="))
    #expect(!page.contains("<script"))
    #expect(!page.contains("url("))
    #expect(!page.contains("@import"))
    #expect(!page.contains("href="))
    #expect(page.utf8.count < 300_000)
  }
}
