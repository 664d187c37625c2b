/// The report as Markdown (CommonMark with GitHub's tables).
public enum MarkdownReport {
  /// The whole text, ending in a line feed.
  public static func render(_ report: ReportDocument) -> String { "" }
}
